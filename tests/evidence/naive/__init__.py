"""The evidence as it was asked before there was an index: each selector against each workload, one after the other."""

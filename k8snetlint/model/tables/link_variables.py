"""Images that read a variable which Kubernetes also sets for a Service of some name.

For every Service of their namespace that has an address, containers get variables such as `KAFKA_PORT=tcp://10.96.7.7:9092`,
after the name of the Service, unless `enableServiceLinks` is false.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""

from __future__ import annotations

READ_VARIABLES = {
    "bde2020/spark-master": ("SPARK_MASTER_PORT",),  # https://github.com/big-data-europe/docker-spark/issues/128
    "confluentinc/cp-kafka": ("KAFKA_PORT",),  # https://github.com/confluentinc/cp-docker-images/issues/388
    "confluentinc/cp-kafka-rest": ("KAFKA_REST_PORT",),  # https://github.com/confluentinc/cp-docker-images/issues/286
    "confluentinc/cp-schema-registry": (
        "SCHEMA_REGISTRY_PORT",  # https://github.com/confluentinc/kafka-images/issues/169
    ),
    "dalibo/temboard": ("TEMBOARD_PORT",),  # https://github.com/dalibo/temboard/issues/664
    "joeferner/redis-commander": ("REDIS_PORT",),  # https://github.com/joeferner/redis-commander/issues/267
    "kibana/kibana": ("SERVER_PORT",),  # https://github.com/elastic/cloud-on-k8s/issues/1987
    "lmenezes/cerebro": ("CEREBRO_PORT",),  # https://github.com/lmenezes/cerebro/issues/441
    "patrickhulce/lhci-server": ("LHCI_PORT",),  # https://github.com/GoogleChrome/lighthouse-ci/issues/258
    "redis/redis-stack": ("API_PORT",),  # https://github.com/redis/RedisInsight/issues/2512
    "rediscommander/redis-commander": ("REDIS_PORT",),  # https://github.com/joeferner/redis-commander/issues/267
    "searxng/searxng": ("SEARXNG_PORT",),  # https://github.com/searxng/searxng/issues/6437
    "yuzutech/kroki": ("KROKI_PORT",),  # https://github.com/yuzutech/kroki/issues/576
}
"""The last two parts of an image's name, and the variables that it takes for settings of its own."""


def variable_of(service: str) -> str:
    """Return the variable that Kubernetes sets to the URL of a Service's first port."""
    return f"{service.upper().replace('-', '_')}_PORT"


def read_by(image: str) -> tuple[str, ...]:
    """Return the variables that an image reads, without tag and digest; whatever registry it is from."""
    return READ_VARIABLES.get("/".join(image.split("/")[-2:]), ())

"""Top-level domains that namespaces may be called like: `web.dev` is a host of the internet, not a Service.

Domains of countries have two letters.
"""

from __future__ import annotations

# https://data.iana.org/TLD/tlds-alpha-by-domain.txt
_GENERIC = frozenset(
    """
    academy accountant agency amazon analytics app apple art auction audio auto aws band bank bar beer best bet bid
    bike bio biz blog bot box broker build builders business buy buzz cab cafe call cam camera camp capital car
    cards care career cars casa case cash catering center chat cheap church city claims click clinic cloud club
    coach codes coffee college com community company compare computer condos consulting contact contractors cool
    coop country coupons courses credit cruises dance date dating day deal deals delivery dental design dev
    diet digital direct directory discount docs doctor dog dot download drive earth eco edu education email energy
    engineer engineering enterprises equipment estate events exchange expert express fail family fan farm fashion
    fast feedback fit fitness fly foo food football forex forum foundation free fun fund fyi gallery game games
    garden gift gives global gmbh gold google gov graphics green group guide guru hair health help here hiphop
    hockey home host hosting hot hotels house how icu immo inc industries info ing ink institute insurance insure
    int international investments io jobs kids kim kitchen land law lease legal lgbt life lighting limited limo link
    live loan loans locker lol love ltd luxe management map market marketing markets mba media men menu microsoft
    mil mobi moda moe money mov movie museum music name navy net network new news ngo now one online open org page
    parts party pay pet phone photo photography photos pics pictures pink pizza place play plus post press prime pro
    productions prof promo properties pub racing radio read realty recipes red rent rentals repair report restaurant
    reviews rip rocks room run safe sale sales save school science search secure security select services sexy shell
    shop shopping show site ski social software solar solutions space spot store stream studio study style supplies
    supply support systems talk tax taxi team tech technology tel tips tires today tools top tours town toys trade
    trading training travel tube university vacations ventures vet video villas vip vision vote voting watch weather
    web webcam website wedding wiki win work works world wtf xyz yoga you zip zone
    """.split()  # noqa: SIM905 - a list of so many words is read more easily so
)
_RESERVED = frozenset({"example", "internal", "invalid", "lan", "local", "localdomain", "localhost", "onion", "test"})
"""Source: https://www.iana.org/assignments/special-use-domain-names/."""


def may_be_public(label: str) -> bool:
    """Tell whether a host name that ends with this label may be one outside of a cluster."""
    return len(label) == 2 or label in _GENERIC or label in _RESERVED


NO_HOSTS = frozenset(
    """
    all any auto default disabled enabled false instance-data ip6-localhost ip6-loopback localhost metadata no none null
    off on true yes
    """.split()  # noqa: SIM905 - as above
)
"""Names without a domain that nodes or the networks of clouds answer, and values that are no names."""
HOST_SCHEMES = frozenset(
    """
    amqp amqps bolt clickhouse couchbase cql dns dnssrv elasticsearch ftp grpc grpcs http https influxdb kafka ldap
    ldaps mariadb memcache memcached mongodb mqtt mqtts mysql nats neo4j postgres postgresql pulsar pulsar+ssl redis
    rediss sentinel sftp smtp smtps sqlserver statsd stomp syslog tcp tls udp ws wss zookeeper
    """.split()  # noqa: SIM905 - as above
)
"""The schemes of URLs whose first part is a host; that of `s3://logs` is a bucket."""

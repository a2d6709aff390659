"""The vendors' gRPC servers: one port each, because the engine asks each for its own plugin version."""

from __future__ import annotations

from concurrent import futures
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.provider import Provider
from sandbox.schema import PROVIDERS, sdk_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.faults import Faults
    from sandbox.world import World

# The engine asks for as many resources at once as the machine has cores times four; a latency fault holds a thread.
THREADS = 32
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@contextmanager
def serving(world: World, faults: Faults) -> Iterator[str]:
    """Serves every vendor on a loopback port, until the block ends.

    Yields:
        What PULUMI_DEBUG_PROVIDERS must say so that the engine asks these servers.
    """
    pool = futures.ThreadPoolExecutor(THREADS)
    servers, ports = [], []
    for name in PROVIDERS:
        server = grpc.server(pool, options=OPTIONS)
        provider = Provider(name, sdk_version(name), world, faults)
        provider.die = partial(server.stop, grace=None)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
        ports.append(f"{name}:{server.add_insecure_port('127.0.0.1:0')}")
        server.start()
        servers.append(server)
    try:
        yield ",".join(ports)
    finally:
        for stopping in [server.stop(grace=1) for server in servers]:
            stopping.wait()
        pool.shutdown()  # what a vendor has begun it ends, whether or not anybody still waits for the answer

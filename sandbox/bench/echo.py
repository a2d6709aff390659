"""A provider that returns its inputs: the CLI's own floor, to measure against."""

# ruff: noqa: D102, N802 the protocol names its methods and documents them

from __future__ import annotations

from concurrent import futures
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.schema import PROVIDERS, sdk_version
from sandbox.server import OPTIONS, THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grpc import ServicerContext


class Echo(provider_pb2_grpc.ResourceProviderServicer):
    """Knows no type, checks nothing and keeps nothing."""

    def __init__(self, version: str) -> None:
        self.version = version

    def Attach(self, _request: plugin_pb2.PluginAttach, _context: ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: empty_pb2.Empty, _context: ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self.version)

    def CheckConfig(self, request: provider_pb2.CheckRequest, _context: ServicerContext) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(
        self, _request: provider_pb2.ConfigureRequest, _context: ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, _context: ServicerContext) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Create(self, request: provider_pb2.CreateRequest, _context: ServicerContext) -> provider_pb2.CreateResponse:
        return provider_pb2.CreateResponse(properties=request.properties)


@contextmanager
def echoing() -> Iterator[str]:
    """Serves the echo under every provider's name until the block ends; yields PULUMI_DEBUG_PROVIDERS."""
    pool = futures.ThreadPoolExecutor(THREADS)
    servers, ports = [], []
    for name in PROVIDERS:
        server = grpc.server(pool, options=OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Echo(sdk_version(name)), server)
        ports.append(f"{name}:{server.add_insecure_port('127.0.0.1:0')}")
        server.start()
        servers.append(server)
    try:
        yield ",".join(ports)
    finally:
        for stopping in [server.stop(grace=1) for server in servers]:
            stopping.wait()

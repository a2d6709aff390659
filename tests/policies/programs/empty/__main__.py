# ruff: noqa: N802 the method names are the protocol's
"""A pack that does nothing: what it costs is the price of being asked."""

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2


class Empty(analyzer_pb2_grpc.AnalyzerServicer):
    def Handshake(self, request, context):
        return wire.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request, context):
        return wire.AnalyzerStackConfigureResponse()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")

    def GetAnalyzerInfo(self, request, context):
        return wire.AnalyzerInfo(name="empty", version="0.0.1")

    def Configure(self, request, context):
        return empty_pb2.Empty()

    def Remediate(self, request, context):
        return wire.RemediateResponse()

    def Analyze(self, request, context):
        return wire.AnalyzeResponse()

    def AnalyzeStack(self, request, context):
        return wire.AnalyzeResponse()

    def Cancel(self, request, context):
        return empty_pb2.Empty()


server = grpc.server(ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", -1)])
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Empty(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
threading.Event().wait()

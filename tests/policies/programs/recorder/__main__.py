# ruff: noqa: N802 the method names are the protocol's
"""A pack without rules that writes what the engine tells it to the file RECORD_TO, one message a line."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

RECORD = Path(os.environ["RECORD_TO"])


class Recorder(analyzer_pb2_grpc.AnalyzerServicer):
    def Handshake(self, request, context):
        return wire.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request, context):
        return wire.AnalyzerStackConfigureResponse()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")

    def GetAnalyzerInfo(self, request, context):
        return wire.AnalyzerInfo(name="recorder", version="0.0.1")

    def Configure(self, request, context):
        return empty_pb2.Empty()

    def Remediate(self, request, context):
        return wire.RemediateResponse()

    def Analyze(self, request, context):
        self._write("resource", request)
        return wire.AnalyzeResponse()

    def AnalyzeStack(self, request, context):
        self._write("stack", request)
        return wire.AnalyzeResponse()

    def Cancel(self, request, context):
        return empty_pb2.Empty()

    def _write(self, kind, message):
        with RECORD.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, "message": json_format.MessageToDict(message)}) + "\n")


server = grpc.server(ThreadPoolExecutor(max_workers=1), options=[("grpc.max_receive_message_length", -1)])
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Recorder(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
threading.Event().wait()

"""The CrossGuard pack: resources -> rules -> findings.

It judges any Pulumi program, not only MadeBuy's: it imports no component, no setting and no provider SDK.

    values      what a property can hold besides a plain value: UNKNOWN, Secret; and paths into it
    model       Resource, Stack, Finding, Environment: all a rule ever sees
    rule        the record a rule is made of, and the registry
    rules/      the rules, one room per vendor and topic
    expressions Cloudflare's rule language, read as far as rules must
    config      levels, thresholds and the pack's own settings, in CrossGuard's file format
    exceptions  findings that someone accepted, until a date
    judge       runs the rules: one verdict per finding, whatever a rule does
    adapter     the engine's protobuf -> Resource
    server      the engine's gRPC service -> judge
    remedies    the few corrections the pack may make itself
    report      findings as SARIF and JUnit
    reference   docs/policies.md, generated
"""

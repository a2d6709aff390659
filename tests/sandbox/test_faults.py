"""Faults say which call fails and how, the same every time."""

from __future__ import annotations

import pytest

from sandbox.api.server import APIS
from sandbox.faults import ACTIONS, WITH_LISTS, Call, Fault, Faults, ProviderDiedError, parse, parse_all
from sandbox.kind import VendorError

RECORD = Call("create", "cloudflare:index/dnsRecord:DnsRecord", "www")
ZONE = Call("create", "cloudflare:index/zone:Zone", "shop")


def words(status: int) -> str:
    return f"vendor says {status}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("create:DnsRecord=lost", Fault("create", "DnsRecord", "*", "lost")),
        ("*:*:traffic-*@3=refuse,status=503", Fault("*", "*", "traffic-*", "refuse", nth=3, status=503)),
        ("read:Zone=latency,seconds=0.5,share=0.1", Fault("read", "Zone", "*", "latency", seconds=0.5, share=0.1)),
    ],
)
def test_a_fault_is_one_line(text: str, fault: Fault) -> None:
    assert parse(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "create=lost", "make:Zone=lost", "create:Zone=explode", "create:Zone=lost,colour=red", "x",
        "create:Zoen=lost", "create:zone=lost", "list:oracle=refuse", "list:aws=lost", "invoke:Zone=refuse",
        "create:Zone@x=lost", "create:Zone@0=lost", "create:Zone@=lost", "create:Zone=lost,times=0",
        "create:Zone=lost,times=many", "create:Zone=lost,share=2", "create:Zone=latency,seconds=-1",
        "create:Zone=latency,seconds=nan", "create:Zone=refuse,status=99",
    ],
)  # fmt: skip
def test_a_line_that_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        parse(text)


def test_a_file_may_have_comments() -> None:
    assert parse_all(["# the first record", "", "create:DnsRecord=lost  # its answer"]) == [
        parse("create:DnsRecord=lost")
    ]


def test_the_vendors_with_lists_are_those_that_serve_them() -> None:
    assert set(WITH_LISTS) == set(APIS)


def test_a_fault_that_no_call_has_met_is_told_as_it_was_written() -> None:
    written = ["create:DnsRecord=lost", "create:Zone:shpo=lost", "create:Zone@2=lost"]
    faults = Faults(map(parse, written))

    faults.strike(RECORD)
    faults.strike(ZONE)

    assert faults.idle() == written[1:]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_strikes_its_call_and_no_other(action: str) -> None:
    faults = Faults([parse(f"create:DnsRecord={action},seconds=0")])

    assert faults.strike(ZONE) == []
    assert [fault.action for fault in faults.strike(RECORD)] == [action]


def test_the_nth_call_fails_and_as_many_after_it_as_asked() -> None:
    faults = Faults([parse("create:DnsRecord@2=refuse,times=2")])

    assert [bool(faults.strike(RECORD)) for _ in range(5)] == [False, True, True, False, False]


def test_a_share_is_chosen_by_seed_and_resource_not_by_order() -> None:
    calls = [Call("create", RECORD.type, f"r{n}") for n in range(200)]
    fault = parse("create:DnsRecord=refuse,share=0.25")

    def hit(seed: int, order: list[Call]) -> set[str]:
        faults = Faults([fault], seed)
        return {call.name for call in order if faults.strike(call)}

    assert hit(1, calls) == hit(1, calls[::-1])
    assert hit(1, calls) != hit(2, calls)
    assert 25 < len(hit(1, calls)) < 75


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("create:*=refuse,status=503", "vendor says 503"),
        ("create:*=throttle,times=9,seconds=0", "vendor says 429"),
        ("create:*=timeout,seconds=0", "deadline exceeded"),
    ],
)
def test_the_vendor_does_nothing_and_says_so(text: str, expected: str) -> None:
    faults = Faults([parse(text)])

    with pytest.raises(VendorError, match=expected):
        faults.before(faults.strike(RECORD), words)


def test_a_short_throttle_is_waited_out() -> None:
    faults = Faults([parse("create:*=throttle,seconds=0")])

    faults.before(faults.strike(RECORD), words)


def test_an_answer_is_lost_only_after_the_work() -> None:
    faults = Faults([parse("create:*=lost")])
    struck = faults.strike(RECORD)

    faults.before(struck, words)
    with pytest.raises(VendorError, match="EOF"):
        faults.after(struck)


def test_a_provider_dies_before_or_after() -> None:
    with pytest.raises(ProviderDiedError):
        Faults().before([parse("create:*=die-before")], words)
    with pytest.raises(ProviderDiedError):
        Faults().after([parse("create:*=die-after")])


@pytest.mark.parametrize("action", ["interrupt", "kill"])
def test_the_cli_is_told(action: str) -> None:
    faults, told = Faults(), []
    faults.interrupt, faults.kill = lambda: told.append("interrupt"), lambda: told.append("kill")

    faults.before([parse(f"create:*={action},seconds=0")], words)

    assert told == [action]

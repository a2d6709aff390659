"""What has the shape of a credential, and what only looks like one."""

import pytest

from policies.credentials import looks_like_credential

HEX = "0123456789abcdef"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"  # 40


@pytest.mark.parametrize(
    "parts",
    [
        ("cfat_", LETTERS, HEX[:8]),
        ("cfut_", LETTERS, HEX[:8]),
        ("cfk_", LETTERS, HEX[:8]),
        ("v1.0-", HEX, HEX[:8], "-", HEX * 9, HEX[:2]),
        ("mdb_sa_sk_", LETTERS),
        ("dp.st.prd.", LETTERS),
        ("sk_live_", LETTERS),
        ("pul-", HEX * 2, HEX[:8]),
        ("rediss://default:", LETTERS, "@example.net"),
    ],
    ids=lambda parts: parts[0],
)
def test_the_vendors_credentials_are_known_by_their_shape(parts: tuple[str, ...]) -> None:
    credential = "".join(parts)

    assert looks_like_credential(f"the key is {credential} for now")
    assert not looks_like_credential(credential[:12])


@pytest.mark.parametrize("text", ["https://madebuy.com.au:443/path", "cfat_example", "v1.0-beta", "a key", HEX * 2])
def test_addresses_ids_and_words_are_no_credentials(text: str) -> None:
    assert not looks_like_credential(text)

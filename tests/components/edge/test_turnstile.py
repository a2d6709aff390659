from components.edge import Turnstile, TurnstileArgs
from tests.components.edge.example import apps, deployment, edge
from tests.components.mocks import Deployed, deploy

ANSWERS = {"turnstile-widget": {"sitekey": "0x4AAA", "secret": "0x4BBB"}}


def turnstile() -> Deployed:
    args = TurnstileArgs(deployment=deployment(), settings=edge(), apps=apps())
    return deploy(lambda: Turnstile("turnstile", args), answers=ANSWERS)


def test_both_apps_may_show_the_widget() -> None:
    assert turnstile()["turnstile-widget"].inputs["domains"] == ["dashboard.madebuy.com.au", "madebuy.com.au"]


def test_the_secret_leaves_as_a_secret_and_the_site_key_does_not() -> None:
    deployed = turnstile()

    assert deployed.outputs["turnstile"] == {"sitekey": "0x4AAA", "secret": "0x4BBB"}
    assert deployed.secret_outputs["turnstile"] == {"secret"}

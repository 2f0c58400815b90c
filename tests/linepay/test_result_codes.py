"""Which codes prove what; the lists are the reference's and the design's, written out again."""

import pytest

from posd.linepay.next_actions import NextAction, SupervisorAction, TechnicianAction
from posd.linepay.result_codes import (
    CODES,
    Class,
    Operation,
    Proves,
    entry,
    judge,
    proves,
)
from posd.words import LANGUAGES, catalogue

DECLINED = [
    "1101",
    "1102",
    "1104",
    "1105",
    "1106",
    "1110",
    "1124",
    "1133",
    "1141",
    "1142",
    "1178",
    "1183",
    "1184",
    "1281",
    "1282",
    "1283",
    "1284",
    "1285",
    "1286",
    "1287",
    "1288",
    "1289",
    "1290",
    "1291",
    "1292",
    "1293",
    "1294",
    "1295",
    "1296",
    "1298",
    "2020",
    "2021",
    "2022",
    "2023",
    "2024",
    "2101",
    "2102",
    "2103",
    "2104",
]
UNCERTAIN_ON_PAY = [
    "1145",
    "1152",
    "1159",
    "1164",
    "1165",
    "1169",
    "1170",
    "1172",
    "1179",
    "1198",
    "1199",
    "1280",
    "1900",
    "1901",
    "1902",
    "1903",
    "1999",
    "9000",
]
NOT_FOR_PAY = ["1115", "1150", "1153", "1155", "1163", "1177", "2042"]
READS = [Operation.CHECK, Operation.AUTHORIZATIONS, Operation.DETAILS]


def test_the_table_is_the_one_of_section_5() -> None:
    assert set(CODES) == {"0000", *DECLINED, *UNCERTAIN_ON_PAY, *NOT_FOR_PAY}


@pytest.mark.parametrize("code", DECLINED)
def test_a_code_on_the_whitelist_proves_that_a_payment_took_no_money(code: str) -> None:
    assert proves(code, Operation.PAY) is Proves.NO_MONEY_MOVED


@pytest.mark.parametrize("code", [*UNCERTAIN_ON_PAY, *NOT_FOR_PAY])
def test_every_other_known_code_leaves_a_payment_uncertain(code: str) -> None:
    assert proves(code, Operation.PAY) is Proves.UNCERTAIN


def test_whatever_four_digits_are_not_on_the_whitelist_leave_a_payment_uncertain() -> None:
    others = {f"{number:04d}" for number in range(10_000)} - {"0000", *DECLINED}
    assert {proves(code, Operation.PAY) for code in others} == {Proves.UNCERTAIN}


@pytest.mark.parametrize("operation", Operation)
def test_0000_is_success_everywhere(operation: Operation) -> None:
    assert proves("0000", operation) is Proves.SUCCESS


@pytest.mark.parametrize("operation", READS)
def test_a_question_is_answered_by_0000_or_1150_alone(operation: Operation) -> None:
    proofs = {code: proves(code, operation) for code in CODES}
    assert {code for code, proof in proofs.items() if proof is not Proves.UNCERTAIN} == {
        "0000",
        "1150",
    }
    assert proofs["1150"] is Proves.NO_SUCH_TRANSACTION


@pytest.mark.parametrize(
    ("code", "operation", "proof"),
    [
        ("1150", Operation.REFUND, Proves.NO_SUCH_TRANSACTION),
        ("1165", Operation.REFUND, Proves.UNCERTAIN),
        ("1165", Operation.VOID, Proves.UNCERTAIN),
        ("1163", Operation.REFUND, Proves.NO_MONEY_MOVED),
        ("2042", Operation.REFUND, Proves.NO_MONEY_MOVED),
        ("1105", Operation.VOID, Proves.NO_MONEY_MOVED),
        ("1164", Operation.REFUND, Proves.UNCERTAIN),
        ("1900", Operation.REFUND, Proves.UNCERTAIN),
        ("1133", Operation.REFUND, Proves.UNCERTAIN),
        ("1298", Operation.CAPTURE, Proves.NO_MONEY_MOVED),
        ("1280", Operation.CAPTURE, Proves.UNCERTAIN),
        ("1153", Operation.CAPTURE, Proves.NO_MONEY_MOVED),
    ],
)
def test_codes_are_judged_by_operation(code: str, operation: Operation, proof: Proves) -> None:
    assert proves(code, operation) is proof


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("0000", NextAction.NONE),
        ("1133", NextAction.NEW_CODE),
        ("1142", NextAction.OTHER_TENDER),
        ("1145", NextAction.WAIT),
        ("1106", NextAction.TECHNICIAN),
        ("1163", NextAction.SUPERVISOR),
    ],
)
def test_a_code_says_what_the_cashier_does_next(code: str, action: NextAction) -> None:
    assert entry(code).next_action is action


def test_a_declined_payment_never_says_wait_and_an_uncertain_one_never_asks_to_pay_again() -> None:
    assert NextAction.WAIT not in {entry(code).next_action for code in DECLINED}
    again = {NextAction.NEW_CODE, NextAction.OTHER_TENDER}
    assert not again & {entry(code).next_action for code in UNCERTAIN_ON_PAY}


def test_each_code_has_words_of_its_own_and_unknown_ones_share_theirs() -> None:
    assert entry("1142").words == "linepay.1142"
    assert entry("7777").words == entry("").words == "linepay.unknown"
    assert entry("7777").operations == frozenset()
    assert entry("1177").operations == {Operation.DETAILS}


PAY, CHECK, AUTHORIZATIONS = Operation.PAY, Operation.CHECK, Operation.AUTHORIZATIONS
CAPTURE, VOID, DETAILS, REFUND = (
    Operation.CAPTURE,
    Operation.VOID,
    Operation.DETAILS,
    Operation.REFUND,
)
_UM, _RS, _AD, _BUG = (
    Class.UNCERTAIN,
    Class.RETRY_SAFE,
    Class.ALREADY_DONE,
    Class.BUG,
)
# In the order of PAY, CHECK, AUTHORIZATIONS, CAPTURE, VOID, DETAILS, REFUND
JUDGED = {
    "1165": (_UM, _UM, _UM, _UM, _AD, _UM, _AD),
    "1172": (_UM, _UM, _UM, _UM, _UM, _UM, _UM),
    "1150": (_UM, _UM, _UM, _BUG, _BUG, _UM, _BUG),
    "1900": (_UM, _RS, _RS, _UM, _RS, _RS, _RS),
    "1901": (_UM, _RS, _RS, _UM, _RS, _RS, _RS),
    "1902": (_UM, _RS, _RS, _UM, _RS, _RS, _RS),
    "1903": (_UM, _RS, _RS, _UM, _RS, _RS, _RS),
    "1999": (_UM, _UM, _UM, _UM, _UM, _UM, _UM),
    "7777": (_UM, _UM, _UM, _UM, _UM, _UM, _UM),
}


@pytest.mark.parametrize("code", JUDGED)
def test_the_codes_of_repetition_are_judged_operation_by_operation(code: str) -> None:
    operations = (PAY, CHECK, AUTHORIZATIONS, CAPTURE, VOID, DETAILS, REFUND)
    assert tuple(judge(code, operation) for operation in operations) == JUDGED[code]


@pytest.mark.parametrize("code", CODES)
def test_only_a_decline_a_wrong_account_or_a_wrong_request_proves_that_nothing_was_done(
    code: str,
) -> None:
    proofs = {Class.FINAL_DECLINE, Class.CONFIGURATION, Class.BUG}
    for operation in (PAY, CAPTURE, VOID, REFUND):
        if proves(code, operation) is Proves.NO_MONEY_MOVED:
            assert judge(code, operation) in proofs
        if judge(code, operation) in {_UM, _RS, _AD} and code != "1150":
            assert proves(code, operation) is Proves.UNCERTAIN


@pytest.mark.parametrize(
    ("code", "supervisor", "technician"),
    [
        ("0000", SupervisorAction.NONE, TechnicianAction.NONE),
        ("1142", SupervisorAction.OTHER_TENDER, TechnicianAction.NONE),
        ("1145", SupervisorAction.LOOK_UP, TechnicianAction.FIND_REPEAT),
        ("1172", SupervisorAction.LOOK_UP, TechnicianAction.FIND_REPEAT),
        ("1199", SupervisorAction.LOOK_UP, TechnicianAction.WATCH),
        ("7777", SupervisorAction.LOOK_UP, TechnicianAction.WATCH),
        ("1105", SupervisorAction.ASK_LINE_PAY, TechnicianAction.CHECK_ACCOUNT),
        ("1106", SupervisorAction.STOP_LINE_PAY, TechnicianAction.CHECK_ACCOUNT),
        ("2101", SupervisorAction.STOP_LINE_PAY, TechnicianAction.READ_MESSAGE),
        ("1115", SupervisorAction.REFUND_IN_FULL, TechnicianAction.NONE),
        ("1163", SupervisorAction.REFUND_OTHERWISE, TechnicianAction.NONE),
        ("1165", SupervisorAction.READ_REFUNDS, TechnicianAction.NONE),
        ("2042", SupervisorAction.FILL_RESERVE, TechnicianAction.NONE),
    ],
)
def test_a_code_says_what_supervisor_and_technician_do_next(
    code: str, supervisor: SupervisorAction, technician: TechnicianAction
) -> None:
    assert entry(code).supervisor_action is supervisor
    assert entry(code).technician_action is technician


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words_in_every_language(language: str) -> None:
    words = catalogue(language)
    used = [f"next.{action}" for action in NextAction if action is not NextAction.NONE]
    used += [f"supervisor.{action}" for action in SupervisorAction]
    used += [f"technician.{action}" for action in TechnicianAction]
    assert [key for key in used if key not in words] == []


def test_money_that_may_have_moved_always_sends_the_supervisor_to_look() -> None:
    looking = {SupervisorAction.LOOK_UP, SupervisorAction.READ_REFUNDS}
    assert {entry(code).supervisor_action for code in UNCERTAIN_ON_PAY} <= looking

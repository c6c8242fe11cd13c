import pytest
from django.utils import translation

from rules.sentences import sentence
from tests.rules.parcels import PAID_NOT_SHIPPED, PARCEL, leaf, paid

pytestmark = pytest.mark.django_db

HELD = leaf("held", "is", True)
SENTENCES = [
    (PAID_NOT_SHIPPED, "Paid more than 24 h ago, and not shipped"),
    ({"not": PAID_NOT_SHIPPED}, "Paid at most 24 h ago, or shipped"),
    ({"not": {"not": paid("at_least", "2.5", "days")}}, "Paid at least 2.5 d ago"),
    (paid("less_than", "1000", "minutes"), "Paid less than 1,000 min ago"),
    (leaf("margin", "less_than", "5"), "Margin is less than 5 %"),
    ({"not": leaf("margin", "less_than", "5")}, "Margin is at least 5 %"),
    (leaf("pieces", "more_than", "1200"), "Quantity is more than 1,200 pieces"),
    (
        leaf("total", "at_most", {"amount": "50000", "currency": "CNY"}),
        "Total is at most 50,000.00 CNY",
    ),
    (leaf("state", "is_one_of", ["new", "sent", "lost"]), "State is new, sent or lost"),
    ({"not": leaf("state", "is_one_of", ["new"])}, "State is not new"),
    (leaf("address", "contains", "Isle"), "Ship-to address contains “Isle”"),
    ({"not": leaf("address", "equals", "Isle")}, "Ship-to address is not “Isle”"),
    (
        {"all": [HELD, {"any": [leaf("shipped", "is", True), {"all": [HELD]}]}]},
        "On hold, and (shipped, or on hold)",
    ),
    ({"all": [{"all": [HELD]}]}, "On hold"),
]


@pytest.mark.parametrize(("condition", "wanted"), SENTENCES)
def test_sentence_reads_naturally(condition, wanted):
    assert sentence(condition, PARCEL) == wanted


def test_sentence_names_the_word_list_in_the_readers_language(word_list):
    condition = leaf("address", "contains_any_of", {"word_list": "islands"})
    assert sentence(condition, PARCEL) == "Ship-to address contains a word of the list “Islands”"
    with translation.override("zh-hans"):
        assert "海岛" in sentence({"not": condition}, PARCEL)

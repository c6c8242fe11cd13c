"""The word list that the product starts with; the warehouse keeps it from then on."""

from typing import Any

from django.apps import apps as installed_apps
from django.utils import timezone

RESTRICTED_ADDRESS = "restricted_address"

# code: names and purposes in English, 简体中文, 繁體中文
LISTS = {
    RESTRICTED_ADDRESS: (
        ("Restricted ship-to words", "受限收货地址词", "受限收貨地址詞"),
        (
            "An order whose ship-to address contains one of these words is looked at before it "
            "ships.",
            "收货地址含有其中任何一个词的订单，发货前须先核查。",
            "收貨地址含有其中任何一個詞的訂單，出貨前須先查核。",
        ),
    ),
}
WORDS = {
    RESTRICTED_ADDRESS: (
        "P.O. Box",
        "freight forwarder",
        "parcel locker",
        "保税区",
        "邮政信箱",
        "转运仓",
        "保稅區",
        "郵政信箱",
        "轉運倉",
    ),
}


def seed_after_migrate(using: str, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Receiver of post_migrate: make lists that are missing, with their first words.

    A list that exists is left alone, so that a word somebody removed does not come back.
    """
    try:
        WordList, Word = apps.get_model("rules", "WordList"), apps.get_model("rules", "Word")
    except LookupError:
        return  # the migration that makes the tables was taken back
    for code, (names, purposes) in LISTS.items():
        languages = ("en", "zh_hans", "zh_hant")
        texts = {f"name_{language}": name for language, name in zip(languages, names, strict=True)}
        texts |= {f"purpose_{lang}": text for lang, text in zip(languages, purposes, strict=True)}
        word_list, made = WordList.objects.using(using).get_or_create(code=code, defaults=texts)
        if made:
            now = timezone.now()
            Word.objects.using(using).bulk_create(
                [Word(word_list=word_list, text=text, added_at=now) for text in WORDS[code]]
            )

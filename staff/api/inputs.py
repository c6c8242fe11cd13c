"""What is sent about many a thing."""

from rest_framework import serializers


class ReasonIn(serializers.Serializer):
    """Why: it is kept."""

    reason = serializers.CharField(max_length=1000)


NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


class RenamedIn(serializers.Serializer):
    """A name in each language; what is left out stays as it is."""

    name_en = serializers.CharField(max_length=120, required=False)
    name_zh_hans = serializers.CharField(max_length=120, allow_blank=True, required=False)
    name_zh_hant = serializers.CharField(max_length=120, allow_blank=True, required=False)

"""Customers in brief, as other resources name them."""

from rest_framework import serializers


class PartySerializer(serializers.Serializer):
    """A customer in brief."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()

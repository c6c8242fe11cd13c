"""What belongs to an approval request, as the API shows it."""

from rest_framework import serializers

from approvals.api.serializers import AMOUNT, RequestSummarySerializer
from credit.api.standing import AccountSerializer, BehaviourSerializer, OverdueSerializer
from orders.api.parts import AdviceSerializer, ConditionSerializer
from orders.api.serializers import CheckSerializer
from staff.api.people import WhoSerializer


class SaidSerializer(serializers.Serializer):
    """What somebody answered, with their conditions in words."""

    by = WhoSerializer(source="answer.by")
    instead_of = WhoSerializer(source="answer.instead_of", allow_null=True)
    kind = serializers.CharField(source="answer.kind")
    comment = serializers.CharField(source="answer.comment")
    conditions = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField(source="answer.at")


class PlaceSerializer(serializers.Serializer):
    """A seat: whom it belongs to, who can answer from it today, by when, and what was said."""

    label = serializers.CharField()
    people = serializers.CharField(allow_blank=True)
    state = serializers.CharField(source="seat.state")
    due_at = serializers.DateTimeField(source="seat.due_at", allow_null=True)
    said = SaidSerializer(allow_null=True)


class StepSerializer(serializers.Serializer):
    """One level of the route. `need` says of several seats whether any or all must answer."""

    number = serializers.IntegerField()
    state = serializers.CharField()
    need = serializers.CharField(allow_blank=True)
    hours = serializers.IntegerField(help_text="Business hours for an answer.")
    places = PlaceSerializer(many=True)


class MessageSerializer(serializers.Serializer):
    """A question, or a reply."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    by = WhoSerializer()
    to = WhoSerializer(allow_null=True)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class PromisesSerializer(serializers.Serializer):
    """What the customer promised to pay, and how often it was kept."""

    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    open_count = serializers.IntegerField()
    open_amount = serializers.DecimalField(**AMOUNT)


class CreditSerializer(serializers.Serializer):
    """How the customer stands and pays. `headroom` says whose limit leaves least, in words."""

    account = AccountSerializer()
    points = serializers.DecimalField(
        max_digits=5, decimal_places=2, source="score.points", default=None, allow_null=True
    )
    risk_class = serializers.CharField(source="score.risk_class", default=None, allow_null=True)
    headroom = serializers.CharField(allow_blank=True)
    overdue = OverdueSerializer()
    open_invoices = serializers.IntegerField()
    open_amount = serializers.DecimalField(**AMOUNT)
    behaviour = BehaviourSerializer(allow_null=True)
    promises = PromisesSerializer()


class PrecedentSerializer(serializers.Serializer):
    """A request like this one; `ending` is what came of its order, null if it was not released."""

    id = serializers.IntegerField(source="request.pk")
    name = serializers.CharField(source="request.name")
    state = serializers.CharField(source="request.state")
    same_customer = serializers.BooleanField()
    ending = serializers.CharField(source="end.ending", default=None, allow_null=True)
    days_late = serializers.IntegerField(source="end.days", default=None, allow_null=True)


class PrecedentsSerializer(serializers.Serializer):
    """Requests like this one: those shown, and how all that were counted turned out."""

    shown = PrecedentSerializer(many=True)
    counted = serializers.IntegerField()
    released = serializers.IntegerField()
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    unpaid = serializers.IntegerField()
    refused = serializers.IntegerField()


class RequestSerializer(RequestSummarySerializer):
    """One request with the facts that an approver decides by.

    `seen` has to be sent back with an answer: it says which figures were read. `place` is the
    order's place in line for its customer's credit and how many wait; `changes` what changed since
    it was released before. What concerns orders is null or empty for a change of a limit, `credit`
    for those who may not see it.
    """

    seen = serializers.IntegerField()
    checks = CheckSerializer(many=True)
    credit = CreditSerializer(allow_null=True)
    route = StepSerializer(many=True)
    answers_before = SaidSerializer(many=True, help_text="Answers of rounds before this one.")
    thread = MessageSerializer(many=True)
    precedents = PrecedentsSerializer(allow_null=True)
    advice = AdviceSerializer(allow_null=True)
    place = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    changes = serializers.ListField(child=serializers.CharField())
    conditions = ConditionSerializer(many=True)
    effect = serializers.CharField(allow_blank=True, help_text="What approving would do.")
    instead_of = serializers.CharField(allow_null=True)
    actions = serializers.ListField(child=serializers.CharField())

    class Meta(RequestSummarySerializer.Meta):
        fields = (
            *RequestSummarySerializer.Meta.fields,
            "seen",
            "checks",
            "credit",
            "route",
            "answers_before",
            "thread",
            "precedents",
            "advice",
            "place",
            "changes",
            "conditions",
            "effect",
            "instead_of",
            "actions",
        )


class PickSerializer(serializers.Serializer):
    """A chosen request: what approving it would do, or why it cannot be taken along."""

    id = serializers.IntegerField(source="request.pk")
    name = serializers.CharField(source="request.name")
    customer = serializers.CharField(source="request.customer.name")
    amount = serializers.DecimalField(**AMOUNT, source="request.total")
    currency = serializers.CharField(source="request.currency")
    seen = serializers.IntegerField(source="request.decision_id", allow_null=True)
    effect = serializers.CharField(allow_blank=True)
    problem = serializers.CharField(allow_blank=True)


class PicksSerializer(serializers.Serializer):
    """The requests that were chosen and may be seen."""

    results = PickSerializer(many=True)


class AnsweredSerializer(serializers.Serializer):
    """What became of one request; `problem` is empty where it was decided."""

    id = serializers.IntegerField(source="request.pk")
    state = serializers.CharField(source="request.state")
    problem = serializers.CharField(allow_blank=True)


class AllAnsweredSerializer(serializers.Serializer):
    """The results in the order in which the requests were decided."""

    results = AnsweredSerializer(many=True)

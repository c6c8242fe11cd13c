"""What rules may ask about orders, as of a moment.

What an order says (amounts, ship-to, note) is fixed once it is submitted, and drafts are outside
the scope; what happens to it carries the moment it happened. So the same question asked about any
past hour has the answer it had then, as far as it is known now. A draft can be asked about as well:
it is looked at as if it were submitted at that moment.

* `events` what has happened to the order
* `contents` what the order says
* `customer` who orders, and what they ordered before
* `goods` what is known to be wrong with the goods
* `parcels` goods on their way, and goods promised beyond what there is
"""

from django.utils.translation import gettext_lazy as _

from orders.facts.contents import CONTENTS
from orders.facts.customer import CUSTOMER
from orders.facts.events import EVENTS
from orders.facts.goods import GOODS
from orders.facts.parcels import PARCELS
from orders.models import Order
from rules.subjects import Subject, register
from staff.models import User

# Facts that only some may read: fact name -> permission. Others see that the rule held, not how.
GUARDED = {"order.margin": "orders.view_margin"}


def can_read(user: User | None, fact_name: str) -> bool:
    """Whether the value of the fact may be shown to `user`; None stands for everybody."""
    guard = GUARDED.get(fact_name)
    return guard is None or (user is not None and user.has_perm(guard))


ORDER = register(
    Subject(
        name="order",
        label=_("order"),
        model=Order,
        scope=lambda at: Order.objects.open_as_of(at),
        facts=(*EVENTS, *CONTENTS, *CUSTOMER, *GOODS, *PARCELS),
    )
)

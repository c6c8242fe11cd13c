from django.urls import path

from exceptions.detect import views as detect
from exceptions.process.views import lists, ticket

app_name = "exceptions"
urlpatterns = [
    path("tickets/", lists.ticket_list, name="tickets"),
    path("tickets/export/", lists.export, name="export"),
    path("tickets/take/", lists.take_many, name="take_many"),
    path("tickets/<int:pk>/", ticket.ticket_detail, name="ticket"),
    path("tickets/<int:pk>/take/", ticket.take, name="take"),
    path("tickets/<int:pk>/assign/", ticket.assign, name="assign"),
    path("tickets/<int:pk>/start/", ticket.start, name="start"),
    path("tickets/<int:pk>/comment/", ticket.comment, name="comment"),
    path("tickets/<int:pk>/close/", ticket.close, name="close"),
    path("tickets/<int:pk>/reopen/", ticket.reopen, name="reopen"),
    path("tickets/<int:pk>/mark-wrong/", ticket.mark_wrong, name="mark_wrong"),
    path("orders/<int:pk>/tickets/", lists.order_tickets, name="order_tickets"),
    path("orders/<int:pk>/tickets/new/", ticket.open_ticket, name="open"),
    path("rules/", detect.rule_list, name="rules"),
    path("rules/export/", detect.export, name="rules_export"),
    path("rules/<int:pk>/", detect.rule_detail, name="rule"),
    path("rules/<int:pk>/publish/", detect.publish, name="publish"),
    path("rules/<int:pk>/switch/", detect.switch, name="switch"),
]

from django.urls import path

from credit import views
from credit.scoring import views as scoring

app_name = "credit"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/limit/", views.change_limit, name="change_limit"),
    path("recommended-limits/", scoring.scores, name="scores"),
    path("recommended-limits/export/", scoring.export, name="scores_export"),
]

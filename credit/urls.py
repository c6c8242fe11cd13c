from django.urls import path

from credit import views

app_name = "credit"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/limit/", views.change_limit, name="change_limit"),
]

"""The service itself: domains, rules, use-cases and gateways. It knows no HTTP, no HTML, no process."""

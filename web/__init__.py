"""What all web doors share, below them and above the service: who asks, and how it is answered."""

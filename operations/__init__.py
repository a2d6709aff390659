"""What people and schedules run after a deployment."""

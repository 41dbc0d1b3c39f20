-- How many e-mails about disabled endpoints an owner has been sent lately.
create index emails_of_webhooks on emails (partner_id, created_at) where subject = 'webhook_disabled';

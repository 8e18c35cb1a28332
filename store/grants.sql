-- What the program's role may do, given anew by every `rapport migrate`. The owner of the tables migrates; the program reads, adds, and
-- changes only what is said here: it cannot truncate, alter a table, switch a trigger off or delete from the books. Each new table needs
-- its line (TestEveryTableHasItsGrants), and each column of the books that changes stands by name.
grant usage on schema public to :"program";
revoke create on schema public from public;
revoke all on all tables in schema public from :"program";
grant select on all tables in schema public to :"program";

-- The books: what was written stays.
grant insert on orders, order_facts, order_sums, postings, entries, run_approvals, audit to :"program";
grant insert, update (state, payout_id, reason) on ledger_rows to :"program";
grant insert, update (released_at) on payout_rows to :"program";
grant insert, update (state, provider_ref, first_posted_at, reversed_minor, reason, updated_at, key_n, ordered_ref) on payouts to :"program";
grant insert, update (state, lines_hash, total_minor, payees, carried, need_approvers, batches, waits, rest_rejected, minimum_minor, approve_above_minor) on payout_runs to :"program";
grant insert, update (creator_id, reversed_minor, why, settled, settled_by, settled_at, reason, closed_at, card) on payout_differences to :"program";
grant insert, update (state, attempts, first_at, last_at, receipt, progress, note) on effects to :"program";
grant insert, update (detail), delete on timeline_events to :"program"; -- a run that was reset takes back what it said

grant insert on payout_receipts, run_plans, book_seals, book_states, bank_orders, bank_files, bank_lines, bank_answers to :"program";
grant insert, update (seal) on book_signatures to :"program";
grant insert, update (sealed, file, last_four, reference, rejected_by, rejected_at, why) on tax_papers to :"program";
grant insert, update (document, paper) on invoices to :"program";
grant insert, update (last_n) on invoice_series to :"program";
grant insert on tax_treatments, self_billing_agreements to :"program";
grant insert, update (approved_by, approved_at, row_id, withdrawn_by, withdrawn_at) on write_offs to :"program";
grant insert, update (current, decision, decided_by, decided_at, reason) on sanction_hits to :"program";
grant insert, update (words, decision, answer, decided_by, decided_at) on objections to :"program";

-- What is kept current, and never deleted.
grant insert, update on decisions, cards, campaign_threads, programs, creators, campaigns, campaign_amendments, partnerships, tasks, submissions, contracts, deliveries, tracking_kits,
    posts, payout_accounts, tracking_links, order_buyers, statements, inbox, notices, workflow_findings, vendor_troubles, setting_prints, codec_keys, watchdog,
    earnings_links, payee_chasers, sanction_lists, finance_cards, order_rereads, transfer_looks, slack_people to :"program";
grant insert, update (removed_by, removed_at) on webhook_endpoints to :"program";
grant insert, update (state, attempts, next_at, last_at, status, why) on webhook_deliveries to :"program";
grant insert, delete on outbox to :"program";
grant insert, update (revoked_by, revoked_at, last_used_at) on api_tokens to :"program";
grant insert, update (request, state, expires_at, claimed_at, decided_by, ended_at, status, answer) on preparations to :"program";
grant insert, update (subject, text) on answers to :"program";
grant insert on clicks, mail_events, revoked_links, row_risks, holds_told to :"program";

-- What goes when it is over, or with the person that it is about.
grant insert, update, delete on addresses, suppressions, campaign_creators, inbound_messages, message_files, erased_people, asked, request_keys, seen,
    failing_steps, codec_processes, sanction_entries, sanction_screens, signin_links, console_sessions, saved_views, launch_drafts, slack_replies, uploads, uploads_gone, account_changes to :"program";

-- warning: no statement was made after the day on which its page was fetched
SELECT said.fetch_id, endorser, candidate_id, said_on, pages.fetched_at
FROM staging.page_endorsements AS said
INNER JOIN staging.pages AS pages USING (fetch_id)
WHERE said_on > pages.fetched_at::DATE + 1

-- The published file, coverage.duckdb: every table and column that users may rely on, with its meaning.
-- Read by: warehouse/publish.py (builds the file), docs/data-dictionary.md (generated from the comments).
-- Content tables come first, then history tables (append-only, outside the snapshot hash); a mart of the same name fills each table. Views and table
-- macros are last.

CREATE TABLE outlets (
    outlet_id VARCHAR NOT NULL, name VARCHAR NOT NULL, country VARCHAR NOT NULL, language VARCHAR NOT NULL, timezone VARCHAR NOT NULL,
    homepage VARCHAR NOT NULL, is_agency BOOLEAN NOT NULL, panel_from DATE, panel_until DATE
);
COMMENT ON TABLE outlets IS 'The panel. Grain: outlet.';
COMMENT ON COLUMN outlets.outlet_id IS 'Identifier of the outlet, the name of its file in config/outlets/.';
COMMENT ON COLUMN outlets.name IS 'Name as readers know it.';
COMMENT ON COLUMN outlets.country IS 'Country of publication, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN outlets.language IS 'Main language, ISO 639-1 (nb and nn as no).';
COMMENT ON COLUMN outlets.timezone IS 'IANA time zone in which the outlet''s days begin and end.';
COMMENT ON COLUMN outlets.homepage IS 'Front page.';
COMMENT ON COLUMN outlets.is_agency IS 'True for a news agency.';
COMMENT ON COLUMN outlets.panel_from IS 'First day in the panel; NULL: open.';
COMMENT ON COLUMN outlets.panel_until IS 'Last day in the panel; NULL: open.';

CREATE TABLE watchlists (
    watchlist_id VARCHAR NOT NULL, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, watched_from DATE NOT NULL, watched_until DATE NOT NULL,
    decided_on DATE
);
COMMENT ON TABLE watchlists IS 'The contests that are followed. Grain: watch list.';
COMMENT ON COLUMN watchlists.watchlist_id IS 'Identifier of the watch list, the name of its file in config/watchlists/.';
COMMENT ON COLUMN watchlists.title IS 'What the contest is about.';
COMMENT ON COLUMN watchlists.kind IS 'What the candidates are: person or country.';
COMMENT ON COLUMN watchlists.watched_from IS 'First day that is counted.';
COMMENT ON COLUMN watchlists.watched_until IS 'Last day that is counted.';
COMMENT ON COLUMN watchlists.decided_on IS 'Day on which the post was filled (a candidate''s status "appointed"); NULL while it is open.';

CREATE TABLE candidates (
    candidate_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, name VARCHAR NOT NULL, country VARCHAR NOT NULL, status VARCHAR, withdrew_on DATE
);
COMMENT ON TABLE candidates IS 'Who is in the running. Grain: candidate.';
COMMENT ON COLUMN candidates.candidate_id IS 'Identifier, unique across watch lists.';
COMMENT ON COLUMN candidates.watchlist_id IS 'The contest.';
COMMENT ON COLUMN candidates.name IS 'Full name.';
COMMENT ON COLUMN candidates.country IS 'Country of the candidate, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN candidates.status IS 'The last status that the watch list gives: touted, interested, declared, withdrew, appointed, ….';
COMMENT ON COLUMN candidates.withdrew_on IS 'Day from which the candidate is out of the running; NULL for one who is not.';

CREATE TABLE endorsers (watchlist_id VARCHAR NOT NULL, endorser VARCHAR NOT NULL, name VARCHAR NOT NULL);
COMMENT ON TABLE endorsers IS 'Whose positions are followed. Grain: watch list and endorser.';
COMMENT ON COLUMN endorsers.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN endorsers.endorser IS 'Country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN endorsers.name IS 'Its English name.';

CREATE TABLE articles (
    article_id VARCHAR NOT NULL, outlet_id VARCHAR NOT NULL, url VARCHAR NOT NULL, title VARCHAR NOT NULL, authors VARCHAR[],
    byline_org VARCHAR, language VARCHAR, published_at TIMESTAMPTZ, published_on DATE, date_source VARCHAR, date_precision VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL, word_count INTEGER, access VARCHAR NOT NULL, copy_kind VARCHAR, copy_of VARCHAR, story_id VARCHAR,
    wire_agency VARCHAR, text VARCHAR, opt_outs VARCHAR[], brussels_on DATE
);
COMMENT ON TABLE articles IS 'Articles. Grain: canonical URL within an outlet.';
COMMENT ON COLUMN articles.article_id IS 'Hash of outlet_id and canonical URL (16 hexadecimal digits).';
COMMENT ON COLUMN articles.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN articles.url IS 'Canonical URL.';
COMMENT ON COLUMN articles.title IS 'Headline, without the outlet''s name.';
COMMENT ON COLUMN articles.authors IS 'Authors who are persons, in the order of the byline; empty where none is named, NULL where nobody looked (an archived page that names no candidate).';
COMMENT ON COLUMN articles.byline_org IS 'Agency or desk in the byline.';
COMMENT ON COLUMN articles.language IS 'Language of the text, ISO 639-1 (nb and nn as no).';
COMMENT ON COLUMN articles.published_at IS 'Instant of first publication, UTC; NULL where only the day or nothing is known.';
COMMENT ON COLUMN articles.published_on IS 'Day of first publication in the outlet''s time zone; NULL where no trustworthy date is known. Never the day of the fetch by default.';
COMMENT ON COLUMN articles.date_source IS 'Where the date comes from: jsonld, meta, time, feed, url, text.';
COMMENT ON COLUMN articles.date_precision IS 'second, day or none.';
COMMENT ON COLUMN articles.first_seen_at IS 'When the collection record first knew of the article, UTC.';
COMMENT ON COLUMN articles.word_count IS 'Words of the text (runs of letters and digits).';
COMMENT ON COLUMN articles.access IS 'full, metered, or stub (a pay wall left only the beginning).';
COMMENT ON COLUMN articles.copy_kind IS 'original: leads its story; exact: same words as the lead; near: nearly the same; syndicated: nearly the same, from another outlet, credited to an agency.';
COMMENT ON COLUMN articles.copy_of IS 'article_id of the lead; NULL for originals.';
COMMENT ON COLUMN articles.story_id IS 'The story, see stories.';
COMMENT ON COLUMN articles.wire_agency IS 'Identifier of the news agency that is credited.';
COMMENT ON COLUMN articles.text IS 'Text of the article, paragraphs on lines of their own; NULL where publish.text leaves it out.';
COMMENT ON COLUMN articles.opt_outs IS 'What site and page say against being kept or analysed by machines, as source:word (x-robots-tag:noarchive, meta:noai, tdm-reservation, robots.txt:gptbot); NULL where it was not recorded.';
COMMENT ON COLUMN articles.brussels_on IS 'Day of first publication in Europe/Brussels: that of the instant; where only the day is known, published_on. The cells of coverage_by_outlet_day go by published_on.';

CREATE TABLE article_versions (
    article_id VARCHAR NOT NULL, seen_at TIMESTAMPTZ NOT NULL, title VARCHAR NOT NULL, changed VARCHAR NOT NULL
);
COMMENT ON TABLE article_versions IS 'Versions of articles. Grain: article and change of headline or text (none for an article that was seen in one version only).';
COMMENT ON COLUMN article_versions.article_id IS 'The article, see articles.';
COMMENT ON COLUMN article_versions.seen_at IS 'When this version was first fetched, UTC.';
COMMENT ON COLUMN article_versions.title IS 'Headline of this version.';
COMMENT ON COLUMN article_versions.changed IS 'What differs from the version before: first, title, text, title+text.';

CREATE TABLE mentions (
    article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL, sentence VARCHAR NOT NULL, rule VARCHAR NOT NULL
);
COMMENT ON TABLE mentions IS 'Every occurrence of a candidate''s name. Grain: article, field and span.';
COMMENT ON COLUMN mentions.article_id IS 'The article, see articles.';
COMMENT ON COLUMN mentions.candidate_id IS 'Who is named, see candidates.';
COMMENT ON COLUMN mentions.field IS 'title or text.';
COMMENT ON COLUMN mentions.char_start IS 'First character of the name, counted from 0 in Unicode code points of the field.';
COMMENT ON COLUMN mentions.char_end IS 'Character after the name''s last.';
COMMENT ON COLUMN mentions.surface IS 'The name as it stands there.';
COMMENT ON COLUMN mentions.sentence IS 'The sentence around it.';
COMMENT ON COLUMN mentions.rule IS 'Why it stands. full_name; inverted (Rutte, Mark); initial_surname; misspelled (a whole name in another spelling); given_name (of a person introduced); and for a surname or set initials alone surname:REASON or initials:REASON, with REASON one of established (the text gives the whole name), contest (it speaks of the post, whose post it is, or choosing), own_words (the person''s country, office or required words), among_candidates (another listed person is named), politics (public affairs), no_terms (the watch list has no terms to ask for).';

CREATE TABLE office_references (
    article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL, rule VARCHAR NOT NULL
);
COMMENT ON TABLE office_references IS 'Candidates named by an office alone (the Dutch premier), resolved by the date of the article. Not counted as mentions. Grain: article, field and span.';
COMMENT ON COLUMN office_references.article_id IS 'The article, see articles.';
COMMENT ON COLUMN office_references.candidate_id IS 'Who held the office, see candidates.';
COMMENT ON COLUMN office_references.field IS 'title or text.';
COMMENT ON COLUMN office_references.char_start IS 'First character, in code points from 0.';
COMMENT ON COLUMN office_references.char_end IS 'Character after the last.';
COMMENT ON COLUMN office_references.surface IS 'The words as they stand there.';
COMMENT ON COLUMN office_references.rule IS 'How they were resolved.';

CREATE TABLE article_candidates (
    article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, mention_count INTEGER NOT NULL, in_title BOOLEAN NOT NULL, in_lead BOOLEAN NOT NULL,
    in_race BOOLEAN NOT NULL
);
COMMENT ON TABLE article_candidates IS 'Who is named in which article. Grain: article and candidate with at least one mention.';
COMMENT ON COLUMN article_candidates.article_id IS 'The article, see articles.';
COMMENT ON COLUMN article_candidates.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN article_candidates.mention_count IS 'Mentions in headline and text.';
COMMENT ON COLUMN article_candidates.in_title IS 'Named in the headline.';
COMMENT ON COLUMN article_candidates.in_lead IS 'Named in the first paragraph of the text.';
COMMENT ON COLUMN article_candidates.in_race IS 'The article is about the contest and treats the candidate as a contender or possible one, not merely as an endorser.';

CREATE TABLE article_watchlists (article_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, in_race BOOLEAN NOT NULL);
COMMENT ON TABLE article_watchlists IS 'Is the article about the contest? Grain: article and watch list.';
COMMENT ON COLUMN article_watchlists.article_id IS 'The article, see articles.';
COMMENT ON COLUMN article_watchlists.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN article_watchlists.in_race IS 'True when the article is about the contest, whether or not a candidate is named.';

CREATE TABLE stories (
    story_id VARCHAR NOT NULL, lead_article_id VARCHAR NOT NULL, first_published_at TIMESTAMPTZ, article_count INTEGER NOT NULL, outlet_count INTEGER NOT NULL,
    wire_agency VARCHAR
);
COMMENT ON TABLE stories IS 'Articles that share a text, exactly or nearly. Grain: story.';
COMMENT ON COLUMN stories.story_id IS 'article_id of the lead.';
COMMENT ON COLUMN stories.lead_article_id IS 'The earliest article (a day without a time sorts at its end, undated last); ties go to an agency, then outlet_id, then article_id.';
COMMENT ON COLUMN stories.first_published_at IS 'published_at of the lead.';
COMMENT ON COLUMN stories.article_count IS 'Articles of the story.';
COMMENT ON COLUMN stories.outlet_count IS 'Outlets that ran it.';
COMMENT ON COLUMN stories.wire_agency IS 'The agency credited by the lead, else by the first article that credits one.';

CREATE TABLE quotes (
    article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, direction VARCHAR NOT NULL, speaker VARCHAR, is_direct BOOLEAN NOT NULL, quote VARCHAR NOT NULL,
    field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL
);
COMMENT ON TABLE quotes IS 'What candidates said and what was said about them. Grain: article, candidate, direction and span.';
COMMENT ON COLUMN quotes.article_id IS 'The article, see articles.';
COMMENT ON COLUMN quotes.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN quotes.direction IS 'by: the candidate speaks; about: somebody speaks about the candidate.';
COMMENT ON COLUMN quotes.speaker IS 'Who speaks, as the text names him or her; NULL where it does not.';
COMMENT ON COLUMN quotes.is_direct IS 'True for words in quotation marks, false for reported speech.';
COMMENT ON COLUMN quotes.quote IS 'The words, verbatim.';
COMMENT ON COLUMN quotes.field IS 'title or text.';
COMMENT ON COLUMN quotes.char_start IS 'First character of the words, in code points from 0.';
COMMENT ON COLUMN quotes.char_end IS 'Character after the last.';

CREATE TABLE endorsements (
    article_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, endorser VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, stance VARCHAR NOT NULL,
    status VARCHAR NOT NULL, speaker VARCHAR, speaker_role VARCHAR, said_on DATE, evidence VARCHAR NOT NULL, is_first_report BOOLEAN NOT NULL,
    relation VARCHAR NOT NULL, is_after_decision BOOLEAN NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    rule VARCHAR NOT NULL
);
COMMENT ON TABLE endorsements IS 'Statements of countries on candidates. Grain: article, endorser and candidate.';
COMMENT ON COLUMN endorsements.article_id IS 'The article, see articles.';
COMMENT ON COLUMN endorsements.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN endorsements.endorser IS 'Country, ISO 3166-1 alpha-2, see endorsers.';
COMMENT ON COLUMN endorsements.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN endorsements.stance IS 'supports; opposes (will not accept, blocks); withholds (undecided, not backed, no answer); withdraws-objection (drops a refusal without saying that it supports).';
COMMENT ON COLUMN endorsements.status IS 'stated (on the record), reported (unnamed or third-party sources, or the reporter''s own assertion), expected, conditional, denied (the country rejects a claim; the stance is what remains).';
COMMENT ON COLUMN endorsements.speaker IS 'Who speaks for the country on the record, by full name; NULL where nobody is named.';
COMMENT ON COLUMN endorsements.speaker_role IS 'Kind of the speaker''s office at that date: head_of_government, head_of_state, foreign_minister, defence_minister, ….';
COMMENT ON COLUMN endorsements.said_on IS 'Day of the statement, where the article says it.';
COMMENT ON COLUMN endorsements.evidence IS 'The sentence that decided it, verbatim.';
COMMENT ON COLUMN endorsements.is_first_report IS 'True for the article that opens a position in the ledger, see positions.';
COMMENT ON COLUMN endorsements.relation IS 'What it is to the ledger: first (opens a position), confirms, expects (foresees one), contradicts (says otherwise; the ledger stays), undated (says otherwise in an article without a date).';
COMMENT ON COLUMN endorsements.is_after_decision IS 'True for a statement made after the post was filled (watchlists.decided_on): a restatement, whatever the article calls it.';
COMMENT ON COLUMN endorsements.field IS 'Where the evidence stands: title or text.';
COMMENT ON COLUMN endorsements.char_start IS 'First character of the evidence, in code points from 0.';
COMMENT ON COLUMN endorsements.char_end IS 'Character after its last.';
COMMENT ON COLUMN endorsements.rule IS 'The words that decided stance and status.';

CREATE TABLE positions (
    watchlist_id VARCHAR NOT NULL, endorser VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, number INTEGER NOT NULL, changed_on DATE, date_precision VARCHAR NOT NULL, date_basis VARCHAR NOT NULL,
    stance VARCHAR NOT NULL, status VARCHAR NOT NULL, speaker VARCHAR, speaker_role VARCHAR, first_article_id VARCHAR NOT NULL, evidence VARCHAR NOT NULL, flag VARCHAR,
    stated_on DATE, confirmations BIGINT NOT NULL, last_confirmed_on DATE
);
COMMENT ON TABLE positions IS 'The endorsement ledger: where each country stands since when. Grain: endorser, candidate and change. For the board of a day use positions_on(day), which leaves out candidates who have withdrawn.';
COMMENT ON COLUMN positions.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN positions.endorser IS 'Country, ISO 3166-1 alpha-2, see endorsers.';
COMMENT ON COLUMN positions.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN positions.number IS 'Place among the positions of this endorser on this candidate, from 1.';
COMMENT ON COLUMN positions.changed_on IS 'Since when: the day of the first statement. A restatement does not move it. NULL where only undated articles tell.';
COMMENT ON COLUMN positions.date_precision IS 'day or none.';
COMMENT ON COLUMN positions.date_basis IS 'said: the day of the statement, as the article has it; published: the day of the article.';
COMMENT ON COLUMN positions.stance IS 'supports, opposes, withholds, withdraws-objection; see endorsements.';
COMMENT ON COLUMN positions.status IS 'stated, reported, conditional, denied: the firmest report of the first day. What is only expected is no position.';
COMMENT ON COLUMN positions.speaker IS 'Who spoke for the country; NULL where nobody is named.';
COMMENT ON COLUMN positions.speaker_role IS 'Kind of the speaker''s office at that date.';
COMMENT ON COLUMN positions.first_article_id IS 'The article that opens the position.';
COMMENT ON COLUMN positions.evidence IS 'Its sentence, verbatim.';
COMMENT ON COLUMN positions.flag IS 'Look at it: contradicts (hearsay against what was said on the record; not taken as the position), reverses (the country takes back what it said), conflict (one report against another), denies (the country denies a report). NULL for an undisputed step.';
COMMENT ON COLUMN positions.stated_on IS 'First day on which it was said on the record, at the latest; NULL where it is only reported.';
COMMENT ON COLUMN positions.confirmations IS 'Further articles that say the same while the position lasts.';
COMMENT ON COLUMN positions.last_confirmed_on IS 'The last day on which one did.';

CREATE MACRO positions_on(as_of_day) AS TABLE
    SELECT endorsers.watchlist_id, endorsers.endorser, endorsers.name, standing.candidate_id,
        coalesce(standing.stance, 'no statement found') AS stance, standing.status, standing.changed_on, standing.speaker, standing.first_article_id,
        standing.evidence, standing.flag
    FROM endorsers
    LEFT JOIN (
        SELECT positions.*
        FROM positions
        INNER JOIN candidates USING (candidate_id)
        WHERE changed_on <= as_of_day AND flag IS DISTINCT FROM 'contradicts' AND coalesce(withdrew_on > as_of_day, true)
        QUALIFY row_number() OVER (PARTITION BY positions.watchlist_id, endorser, candidate_id ORDER BY number DESC) = 1
    ) AS standing USING (watchlist_id, endorser)
    ORDER BY endorsers.watchlist_id, endorsers.endorser, standing.candidate_id;
COMMENT ON MACRO TABLE positions_on IS 'The board of a day: where each country stands at its end. Grain: endorser and candidate; an endorser of whom nothing is known has one row without a candidate and the stance "no statement found". Leaves out candidates who have withdrawn by then, and reports that contradict the record. Columns as positions.';

CREATE TABLE coverage_by_outlet_day (
    outlet_id VARCHAR NOT NULL, day DATE NOT NULL, watchlist_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, articles BIGINT, race_articles BIGINT,
    unique_articles BIGINT, originals BIGINT, mentions BIGINT, total_articles BIGINT, share_of_voice DOUBLE, collection_status VARCHAR NOT NULL, is_final BOOLEAN NOT NULL,
    list_mentions BIGINT
);
COMMENT ON TABLE coverage_by_outlet_day IS 'The counts. Grain: panel outlet, day and candidate, zeros included. NULL means unknown, zero means none.';
COMMENT ON COLUMN coverage_by_outlet_day.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN coverage_by_outlet_day.day IS 'Day of publication in the outlet''s time zone.';
COMMENT ON COLUMN coverage_by_outlet_day.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN coverage_by_outlet_day.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN coverage_by_outlet_day.articles IS 'Articles (canonical URLs) that name the candidate.';
COMMENT ON COLUMN coverage_by_outlet_day.race_articles IS 'Of those: articles with article_candidates.in_race.';
COMMENT ON COLUMN coverage_by_outlet_day.unique_articles IS 'Distinct stories among them.';
COMMENT ON COLUMN coverage_by_outlet_day.originals IS 'Stories among them whose lead is in this cell.';
COMMENT ON COLUMN coverage_by_outlet_day.mentions IS 'Mentions of the candidate in them.';
COMMENT ON COLUMN coverage_by_outlet_day.total_articles IS 'All articles of the outlet and day, whether or not they name somebody.';
COMMENT ON COLUMN coverage_by_outlet_day.share_of_voice IS 'mentions over list_mentions; NULL where there are none.';
COMMENT ON COLUMN coverage_by_outlet_day.collection_status IS 'complete, partial, outage, blocked, not_due or archive: see collection_health.';
COMMENT ON COLUMN coverage_by_outlet_day.is_final IS 'True once 48 hours have passed between the local end of the day and the last poll of the collection record; a later change is a revision.';
COMMENT ON COLUMN coverage_by_outlet_day.list_mentions IS 'All mentions of the same watch list in this outlet and day: the denominator of share_of_voice. The same in every row of the outlet, day and watch list; NULL where unknown.';

CREATE TABLE collection_health (
    outlet_id VARCHAR NOT NULL, day DATE NOT NULL, status VARCHAR NOT NULL, reason VARCHAR, discovered BIGINT NOT NULL, known BIGINT NOT NULL, fetched BIGINT NOT NULL,
    new BIGINT NOT NULL, rejected BIGINT NOT NULL, failed BIGINT NOT NULL, expected_min BIGINT, expected_max BIGINT, volume VARCHAR
);
COMMENT ON TABLE collection_health IS 'How well a day is covered. Grain: outlet and publication day. discovered = new + known + rejected + failed.';
COMMENT ON COLUMN collection_health.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN collection_health.day IS 'Publication day in the outlet''s time zone.';
COMMENT ON COLUMN collection_health.status IS 'complete: polls leave no gap, and what they listed was received or is gone; partial: something is known, something may be missing; outage, blocked, not_due: nothing is known; archive: filled from WARC files that are not own polling.';
COMMENT ON COLUMN collection_health.reason IS 'Why the day is not complete.';
COMMENT ON COLUMN collection_health.discovered IS 'Items of that day: by the article''s date, else the source''s, else the day of discovery.';
COMMENT ON COLUMN collection_health.known IS 'Of those: further URLs of articles that were known already.';
COMMENT ON COLUMN collection_health.fetched IS 'Of those: items whose page was received.';
COMMENT ON COLUMN collection_health.new IS 'Of those: articles.';
COMMENT ON COLUMN collection_health.rejected IS 'Of those: rejected, see outcomes.';
COMMENT ON COLUMN collection_health.failed IS 'Of those: failed, or not yet received.';
COMMENT ON COLUMN collection_health.expected_min IS 'Fewest articles that are usual: by the outlet''s file, else by its whole days of the 28 days before (median less three robust deviations, working days and weekends apart); NULL without either.';
COMMENT ON COLUMN collection_health.expected_max IS 'Most articles that are usual, likewise.';
COMMENT ON COLUMN collection_health.volume IS 'Of a whole day (complete, archive): usual, low or high against expected_min and expected_max; NULL where nothing is expected. It changes no count.';

CREATE TABLE sources (
    outlet_id VARCHAR NOT NULL, source_url VARCHAR NOT NULL, kind VARCHAR NOT NULL, status VARCHAR NOT NULL, reason VARCHAR, first_polled_at TIMESTAMPTZ NOT NULL,
    last_polled_at TIMESTAMPTZ NOT NULL, last_answered_at TIMESTAMPTZ, polls BIGINT NOT NULL, answered BIGINT NOT NULL, new BIGINT NOT NULL, failures INTEGER NOT NULL,
    interval_minutes DOUBLE, moved_to VARCHAR, stands_for VARCHAR
);
COMMENT ON TABLE sources IS 'Where articles are discovered, and how well each place does. Grain: outlet and source.';
COMMENT ON COLUMN sources.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN sources.source_url IS 'Address as configured, or as found.';
COMMENT ON COLUMN sources.kind IS 'feed, sitemap or page (a home or section page whose links are taken: it never makes a day complete).';
COMMENT ON COLUMN sources.status IS 'healthy: the last poll was answered; failing; dead: without an answer for so long that somebody has to look at it. A dead source is asked ever more rarely.';
COMMENT ON COLUMN sources.reason IS 'Why the last poll failed; NULL for a healthy source.';
COMMENT ON COLUMN sources.first_polled_at IS 'Since when it is polled, UTC.';
COMMENT ON COLUMN sources.last_polled_at IS 'The last poll, UTC.';
COMMENT ON COLUMN sources.last_answered_at IS 'The last poll that was answered, UTC.';
COMMENT ON COLUMN sources.polls IS 'How often it was polled.';
COMMENT ON COLUMN sources.answered IS 'How many of the polls were answered.';
COMMENT ON COLUMN sources.new IS 'Items that it was the first to list.';
COMMENT ON COLUMN sources.failures IS 'Polls in a row without an answer that could be used.';
COMMENT ON COLUMN sources.interval_minutes IS 'How often it is worth asking, by how much was new.';
COMMENT ON COLUMN sources.moved_to IS 'Where it has moved for good, and is asked; time to change the outlet''s file.';
COMMENT ON COLUMN sources.stands_for IS 'The dead source in whose place it was found.';

CREATE TABLE uncounted (article_id VARCHAR NOT NULL, reason VARCHAR NOT NULL);
COMMENT ON TABLE uncounted IS 'Articles that are in no cell of coverage_by_outlet_day. Grain: article.';
COMMENT ON COLUMN uncounted.article_id IS 'The article, see articles.';
COMMENT ON COLUMN uncounted.reason IS 'undated; off_panel: outside the dates of the outlet''s panel or of every watch list; future: dated after the day of its fetch.';

CREATE TABLE suppressed_mentions (
    article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, surface VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE suppressed_mentions IS 'Mentions taken out by config/corrections.toml. Grain: as mentions.';
COMMENT ON COLUMN suppressed_mentions.article_id IS 'The article, see articles.';
COMMENT ON COLUMN suppressed_mentions.candidate_id IS 'Who would have been counted.';
COMMENT ON COLUMN suppressed_mentions.field IS 'title or text.';
COMMENT ON COLUMN suppressed_mentions.char_start IS 'First character, in code points from 0.';
COMMENT ON COLUMN suppressed_mentions.char_end IS 'Character after the last.';
COMMENT ON COLUMN suppressed_mentions.surface IS 'The name as it stands there.';
COMMENT ON COLUMN suppressed_mentions.reason IS 'The reason given in the file.';

CREATE TABLE snapshot (
    published_at TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL, as_of TIMESTAMPTZ, snapshot_hash VARCHAR NOT NULL, code_version VARCHAR NOT NULL, config_hash VARCHAR NOT NULL,
    schema_version INTEGER NOT NULL, publish_text VARCHAR NOT NULL
);
COMMENT ON TABLE snapshot IS 'What this file is. Grain: one row.';
COMMENT ON COLUMN snapshot.published_at IS 'When it was published, UTC.';
COMMENT ON COLUMN snapshot.run_id IS 'The run that published it, see runs.';
COMMENT ON COLUMN snapshot.as_of IS 'The latest poll or fetch in the collection record: the moment the counts speak of.';
COMMENT ON COLUMN snapshot.snapshot_hash IS 'Hash over the content tables.';
COMMENT ON COLUMN snapshot.code_version IS 'Version of the program and hash of its source.';
COMMENT ON COLUMN snapshot.config_hash IS 'Hash of the configuration.';
COMMENT ON COLUMN snapshot.schema_version IS 'Number of the last migration.';
COMMENT ON COLUMN snapshot.publish_text IS 'Which texts are in the file: none, mentions, all.';

CREATE TABLE runs (
    run_id VARCHAR NOT NULL, command VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, status VARCHAR NOT NULL, detail VARCHAR,
    code_version VARCHAR NOT NULL, config_hash VARCHAR NOT NULL, snapshot_hash VARCHAR
);
COMMENT ON TABLE runs IS 'History: what was run. Grain: run.';
COMMENT ON COLUMN runs.run_id IS 'Identifier of the run.';
COMMENT ON COLUMN runs.command IS 'run, collect, process, publish, backfill, accept, rebuild, restore or archive prune.';
COMMENT ON COLUMN runs.started_at IS 'Start, UTC.';
COMMENT ON COLUMN runs.finished_at IS 'End, UTC; NULL for a run that was killed or is going on.';
COMMENT ON COLUMN runs.status IS 'running, succeeded, refused (a critical expectation failed) or failed. A run that died stays running until the next one marks it interrupted.';
COMMENT ON COLUMN runs.detail IS 'What to know about the end.';
COMMENT ON COLUMN runs.code_version IS 'Version of the program and hash of its source.';
COMMENT ON COLUMN runs.config_hash IS 'Hash of the configuration.';
COMMENT ON COLUMN runs.snapshot_hash IS 'Hash over the content tables that it published.';

CREATE TABLE outcomes (
    run_id VARCHAR NOT NULL, item_id VARCHAR NOT NULL, outlet_id VARCHAR, url VARCHAR, outcome VARCHAR NOT NULL, reason VARCHAR, detail VARCHAR, visit INTEGER NOT NULL
);
COMMENT ON TABLE outcomes IS 'History: how every item ended. Grain: run and item. What entered a run is the number of its rows.';
COMMENT ON COLUMN outcomes.run_id IS 'The run, see runs.';
COMMENT ON COLUMN outcomes.item_id IS 'Hash of outlet_id and URL; for archived pages the WARC record.';
COMMENT ON COLUMN outcomes.outlet_id IS 'The outlet; NULL for archived pages of no configured outlet.';
COMMENT ON COLUMN outcomes.url IS 'The URL as discovered.';
COMMENT ON COLUMN outcomes.outcome IS 'published, updated, duplicate_url, unchanged, rejected, failed, deferred.';
COMMENT ON COLUMN outcomes.reason IS 'Why, for rejected, failed and deferred: one word out of a closed list.';
COMMENT ON COLUMN outcomes.detail IS 'More words, for people.';
COMMENT ON COLUMN outcomes.visit IS '0: a new item; 1, 2 …: an article that was looked at again, to see whether it was edited.';

CREATE TABLE quality_results (
    run_id VARCHAR NOT NULL, suite VARCHAR NOT NULL, expectation VARCHAR NOT NULL, severity VARCHAR NOT NULL, success BOOLEAN NOT NULL, observed VARCHAR, expected VARCHAR,
    failing_rows BIGINT, sample VARCHAR, accepted VARCHAR
);
COMMENT ON TABLE quality_results IS 'History: what the audit found. Grain: run and expectation.';
COMMENT ON COLUMN quality_results.run_id IS 'The run, see runs.';
COMMENT ON COLUMN quality_results.suite IS 'What was judged: a staged table, or a published one.';
COMMENT ON COLUMN quality_results.expectation IS 'Name of the expectation.';
COMMENT ON COLUMN quality_results.severity IS 'critical (blocks publication) or warning.';
COMMENT ON COLUMN quality_results.success IS 'True when it is met.';
COMMENT ON COLUMN quality_results.observed IS 'What was found.';
COMMENT ON COLUMN quality_results.expected IS 'What was expected.';
COMMENT ON COLUMN quality_results.failing_rows IS 'How many rows fail.';
COMMENT ON COLUMN quality_results.sample IS 'Some failing rows or values, as JSON.';
COMMENT ON COLUMN quality_results.accepted IS 'Why a critical failure did not stop publication: the reason that a person gave (frontrunner accept); NULL otherwise.';

CREATE TABLE revisions (
    outlet_id VARCHAR NOT NULL, day DATE NOT NULL, candidate_id VARCHAR NOT NULL, measure VARCHAR NOT NULL, before DOUBLE, after DOUBLE, reason VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE revisions IS 'History: changes of final counts (coverage_by_outlet_day.is_final). Grain: cell, measure and run.';
COMMENT ON COLUMN revisions.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN revisions.day IS 'The day.';
COMMENT ON COLUMN revisions.candidate_id IS 'The candidate, see candidates.';
COMMENT ON COLUMN revisions.measure IS 'Which count: a column of coverage_by_outlet_day.';
COMMENT ON COLUMN revisions.before IS 'The count that had been published; NULL where it was unknown.';
COMMENT ON COLUMN revisions.after IS 'The count that replaces it; NULL where it is unknown now, or the cell is gone.';
COMMENT ON COLUMN revisions.reason IS 'Why; several words are separated by a comma. late_arrival: an article of the day came in later; redated: an article moved from or to another day; removed: an article is none any more; uncounted: an article is dated after its fetch, or no longer is; merged: an article took another place among its copies; correction: config/corrections.toml; edited: headline or text changed; reread: other code read the same page; names: another configuration reads the same text, as with a new form of a name; collection: the day became known, or unknown; panel: outlets or dates of the configuration; unexplained: none of these.';
COMMENT ON COLUMN revisions.run_id IS 'The run that changed it, see runs.';

-- ---- Receipts and comparisons. They hold no rows of their own, so they are no content and not in the hash.
-- A view works wherever the file is attached and under any name; a table macro looks its tables up in the catalogue in use.

CREATE VIEW cell_articles AS
    SELECT
        articles.outlet_id, articles.published_on AS day, named.watchlist_id, named.candidate_id, articles.article_id, articles.url, articles.title,
        articles.language, articles.published_at, articles.brussels_on, articles.date_source, articles.date_precision, articles.first_seen_at,
        coalesce(named.mention_count, 0) AS mention_count, named.in_title, named.in_lead, named.in_race,
        articles.copy_kind, articles.copy_of, articles.story_id, articles.wire_agency, health.status AS collection_status
    FROM articles
    ANTI JOIN uncounted ON articles.article_id = uncounted.article_id
    INNER JOIN collection_health AS health ON articles.outlet_id = health.outlet_id AND articles.published_on = health.day
    LEFT JOIN (
        SELECT article_candidates.*, candidates.watchlist_id, watchlists.watched_from, watchlists.watched_until
        FROM article_candidates
        INNER JOIN candidates USING (candidate_id)
        INNER JOIN watchlists USING (watchlist_id)
    ) AS named
        ON articles.article_id = named.article_id AND articles.published_on BETWEEN named.watched_from AND named.watched_until;
COMMENT ON VIEW cell_articles IS 'The articles behind the counts. Grain: counted article and candidate named in it; an article that names nobody has one row without a candidate. Every measure of a cell of coverage_by_outlet_day can be recounted from it: of the cell''s rows articles = count(*), race_articles = count(*) FILTER (in_race), unique_articles = count(DISTINCT story_id), originals = count(*) FILTER (copy_kind = ''original''), mentions = sum(mention_count); list_mentions = sum(mention_count) of the outlet, day and watch list; total_articles = count(DISTINCT article_id) of the outlet and day.';
COMMENT ON COLUMN cell_articles.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN cell_articles.day IS 'Day of publication in the outlet''s time zone.';
COMMENT ON COLUMN cell_articles.watchlist_id IS 'The contest of the candidate; NULL where nobody is named.';
COMMENT ON COLUMN cell_articles.candidate_id IS 'Who is named, see candidates; NULL where nobody is named whose contest is followed on that day.';
COMMENT ON COLUMN cell_articles.article_id IS 'The article, see articles.';
COMMENT ON COLUMN cell_articles.url IS 'Canonical URL.';
COMMENT ON COLUMN cell_articles.title IS 'Headline, without the outlet''s name.';
COMMENT ON COLUMN cell_articles.language IS 'Language of the text, ISO 639-1 (nb and nn as no).';
COMMENT ON COLUMN cell_articles.published_at IS 'Instant of first publication, UTC; NULL where only the day is known.';
COMMENT ON COLUMN cell_articles.brussels_on IS 'Day of first publication in Europe/Brussels, see articles.';
COMMENT ON COLUMN cell_articles.date_source IS 'Where the date comes from, see articles.';
COMMENT ON COLUMN cell_articles.date_precision IS 'second or day.';
COMMENT ON COLUMN cell_articles.first_seen_at IS 'When the collection record first knew of the article, UTC.';
COMMENT ON COLUMN cell_articles.mention_count IS 'Mentions of the candidate in headline and text.';
COMMENT ON COLUMN cell_articles.in_title IS 'Named in the headline.';
COMMENT ON COLUMN cell_articles.in_lead IS 'Named in the first paragraph of the text.';
COMMENT ON COLUMN cell_articles.in_race IS 'The article is about the contest and treats the candidate as a contender or possible one, see article_candidates.';
COMMENT ON COLUMN cell_articles.copy_kind IS 'original, exact, near or syndicated, see articles.';
COMMENT ON COLUMN cell_articles.copy_of IS 'article_id of the lead; NULL for originals.';
COMMENT ON COLUMN cell_articles.story_id IS 'The story, see stories.';
COMMENT ON COLUMN cell_articles.wire_agency IS 'Identifier of the news agency that is credited.';
COMMENT ON COLUMN cell_articles.collection_status IS 'complete, partial or archive: see collection_health.';

CREATE VIEW receipts AS
    SELECT
        cell_articles.outlet_id, cell_articles.day, cell_articles.watchlist_id, mentions.candidate_id, mentions.article_id, cell_articles.url,
        cell_articles.title, mentions.field, mentions.char_start, mentions.char_end, mentions.surface, mentions.sentence, mentions.rule,
        cell_articles.in_race, cell_articles.published_at, cell_articles.brussels_on, cell_articles.copy_kind, cell_articles.story_id,
        cell_articles.collection_status
    FROM mentions
    INNER JOIN cell_articles ON mentions.article_id = cell_articles.article_id AND mentions.candidate_id = cell_articles.candidate_id;
COMMENT ON VIEW receipts IS 'The sentences behind the counts. Grain: mention that is in a cell of coverage_by_outlet_day. Of a cell count(*) is its mentions, count(DISTINCT article_id) its articles.';
COMMENT ON COLUMN receipts.outlet_id IS 'The outlet, see outlets.';
COMMENT ON COLUMN receipts.day IS 'Day of publication in the outlet''s time zone.';
COMMENT ON COLUMN receipts.watchlist_id IS 'The contest, see watchlists.';
COMMENT ON COLUMN receipts.candidate_id IS 'Who is named, see candidates.';
COMMENT ON COLUMN receipts.article_id IS 'The article, see articles.';
COMMENT ON COLUMN receipts.url IS 'Canonical URL.';
COMMENT ON COLUMN receipts.title IS 'Headline, without the outlet''s name.';
COMMENT ON COLUMN receipts.field IS 'title or text.';
COMMENT ON COLUMN receipts.char_start IS 'First character of the name, counted from 0 in Unicode code points of the field.';
COMMENT ON COLUMN receipts.char_end IS 'Character after the name''s last.';
COMMENT ON COLUMN receipts.surface IS 'The name as it stands there.';
COMMENT ON COLUMN receipts.sentence IS 'The sentence around it.';
COMMENT ON COLUMN receipts.rule IS 'Why it stands, see mentions.';
COMMENT ON COLUMN receipts.in_race IS 'The article is about the contest and treats the candidate as a contender or possible one, see article_candidates.';
COMMENT ON COLUMN receipts.published_at IS 'Instant of first publication, UTC; NULL where only the day is known.';
COMMENT ON COLUMN receipts.brussels_on IS 'Day of first publication in Europe/Brussels, see articles.';
COMMENT ON COLUMN receipts.copy_kind IS 'original, exact, near or syndicated, see articles.';
COMMENT ON COLUMN receipts.story_id IS 'The story, see stories.';
COMMENT ON COLUMN receipts.collection_status IS 'complete, partial or archive: see collection_health.';

CREATE MACRO panel_between(since, until) AS TABLE
    SELECT
        outlets.outlet_id, outlets.name, outlets.country, outlets.language, outlets.is_agency, days, days - days_unknown AS days_known, days_partial,
        days_unknown, days = until::DATE - since::DATE + 1 AS is_constant
    FROM outlets
    INNER JOIN (
        SELECT
            outlet_id, count(*) AS days, count(*) FILTER (status = 'partial') AS days_partial,
            count(*) FILTER (status IN ('outage', 'blocked', 'not_due')) AS days_unknown
        FROM collection_health
        WHERE day BETWEEN since::DATE AND until::DATE
        GROUP BY outlet_id
    ) AS looked USING (outlet_id)
    ORDER BY outlets.outlet_id;
COMMENT ON MACRO TABLE panel_between IS 'The panel of a period, both days included. Grain: outlet that was in the panel, and had a collection record, on a day of the period. days: on how many (those of collection_health). days_known: of those, days of which something is known; days_partial: of these, days of which something may be missing. days_unknown: days of which nothing is known (outage, blocked, not_due). is_constant: true for an outlet that is in the panel on every day of the period. An unknown day does not take it out of the constant panel, since a panel that drops whoever had an outage is no longer one; such days stay unknown and are counted beside the sums. A period that reaches past the last day of the collection record has no constant panel.';

CREATE MACRO counts_between(since, until, only_constant := false) AS TABLE
    WITH chosen AS (
        SELECT outlet_id FROM panel_between(since, until) WHERE is_constant OR NOT only_constant
    ),

    named AS (
        SELECT candidate_id, count(DISTINCT story_id) AS stories, count(DISTINCT outlet_id) AS outlets_naming
        FROM cell_articles
        SEMI JOIN chosen USING (outlet_id)
        WHERE day BETWEEN since::DATE AND until::DATE AND candidate_id IS NOT NULL
        GROUP BY candidate_id
    ),

    sums AS (
        SELECT
            watchlist_id, candidate_id,
            sum(articles)::BIGINT AS articles, sum(race_articles)::BIGINT AS race_articles, sum(originals)::BIGINT AS originals,
            sum(mentions)::BIGINT AS mentions, sum(list_mentions)::BIGINT AS list_mentions,
            count(DISTINCT outlet_id) AS outlets, count(*) AS outlet_days,
            count(*) FILTER (articles IS NULL) AS outlet_days_unknown, count(*) FILTER (collection_status = 'partial') AS outlet_days_partial,
            bool_and(is_final) AS is_final
        FROM coverage_by_outlet_day
        SEMI JOIN chosen USING (outlet_id)
        WHERE day BETWEEN since::DATE AND until::DATE
        GROUP BY watchlist_id, candidate_id
    )

    SELECT
        watchlist_id, candidate_id, articles, race_articles,
        CASE WHEN articles IS NOT NULL THEN coalesce(stories, 0) END AS unique_articles,
        originals, mentions, list_mentions,
        CASE WHEN list_mentions > 0 THEN mentions / list_mentions END AS share_of_voice,
        CASE WHEN articles IS NOT NULL THEN coalesce(outlets_naming, 0) END AS outlets_naming,
        outlets, outlet_days, outlet_days_unknown, outlet_days_partial, is_final
    FROM sums
    LEFT JOIN named USING (candidate_id)
    ORDER BY watchlist_id, candidate_id;
COMMENT ON MACRO TABLE counts_between IS 'The counts of a period over the whole panel, whoever was in it on a day. Grain: watch list and candidate. articles, race_articles, originals, mentions, list_mentions: sums over the cells that are known, so lower bounds as long as outlet_days_unknown or outlet_days_partial is not 0; NULL where no cell is known. unique_articles: distinct stories in all of them, which is not the sum of the cells (a story may be in several). share_of_voice: mentions over list_mentions, sum over sum; NULL where that is 0 or unknown. outlets_naming: outlets with an article that names the candidate; outlets: those with a cell; outlet_days: cells, of which outlet_days_unknown are unknown and outlet_days_partial partial. is_final: true where every one of them is final. With only_constant := true as counts_in_constant_panel.';

CREATE MACRO counts_in_constant_panel(since, until) AS TABLE
    FROM counts_between(since, until, only_constant := true);
COMMENT ON MACRO TABLE counts_in_constant_panel IS 'The counts of a period over the constant panel: outlets that are in the panel on every day of it (is_constant of panel_between). To be taken where parts of a period are compared with one another, so that an outlet that joined or left does not look like a change. Columns as counts_between. To compare two periods give the first day of the earlier and the last of the later one, and read counts_by_day.';

CREATE MACRO counts_by_day(since, until, only_constant := false) AS TABLE
    WITH chosen AS (
        SELECT outlet_id FROM panel_between(since, until) WHERE is_constant OR NOT only_constant
    ),

    named AS (
        SELECT day, candidate_id, count(DISTINCT story_id) AS stories
        FROM cell_articles
        SEMI JOIN chosen USING (outlet_id)
        WHERE day BETWEEN since::DATE AND until::DATE AND candidate_id IS NOT NULL
        GROUP BY day, candidate_id
    ),

    sums AS (
        SELECT
            day, watchlist_id, candidate_id,
            sum(articles)::BIGINT AS articles, sum(race_articles)::BIGINT AS race_articles, sum(originals)::BIGINT AS originals,
            sum(mentions)::BIGINT AS mentions, sum(list_mentions)::BIGINT AS list_mentions,
            count(*) AS outlets, count(*) FILTER (articles IS NULL) AS outlets_unknown,
            count(*) FILTER (collection_status = 'partial') AS outlets_partial, bool_and(is_final) AS is_final
        FROM coverage_by_outlet_day
        SEMI JOIN chosen USING (outlet_id)
        WHERE day BETWEEN since::DATE AND until::DATE
        GROUP BY day, watchlist_id, candidate_id
    )

    SELECT
        day, watchlist_id, candidate_id, articles, race_articles,
        CASE WHEN articles IS NOT NULL THEN coalesce(stories, 0) END AS unique_articles,
        originals, mentions, list_mentions,
        CASE WHEN list_mentions > 0 THEN mentions / list_mentions END AS share_of_voice,
        outlets, outlets_unknown, outlets_partial, is_final
    FROM sums
    LEFT JOIN named USING (day, candidate_id)
    ORDER BY day, watchlist_id, candidate_id;
COMMENT ON MACRO TABLE counts_by_day IS 'The counts of each day of a period, over the whole panel or with only_constant := true over the constant panel of the whole period. Grain: day, watch list and candidate. A day is each outlet''s own. outlets: those with a cell on that day, of which outlets_unknown are unknown and outlets_partial partial. Other columns as counts_between.';

CREATE MACRO counts_by_brussels_day(since, until) AS TABLE
    WITH spans AS (
        -- the outlet's own days that a day in Brussels reaches into
        SELECT
            brussels_day, outlet_id,
            ((brussels_day::TIMESTAMP AT TIME ZONE 'Europe/Brussels') AT TIME ZONE timezone)::DATE AS first_day,
            (((brussels_day + 1)::TIMESTAMP AT TIME ZONE 'Europe/Brussels' - INTERVAL 1 MICROSECOND) AT TIME ZONE timezone)::DATE AS last_day
        FROM (
            SELECT unnest(generate_series(since::DATE::TIMESTAMP, until::DATE::TIMESTAMP, INTERVAL 1 DAY))::DATE AS brussels_day
        )
        CROSS JOIN outlets
    ),

    looked AS (
        SELECT
            spans.brussels_day, watchlists.watchlist_id, spans.outlet_id,
            count(*) FILTER (status NOT IN ('outage', 'blocked', 'not_due')) > 0 AS is_known,
            count(*) FILTER (status IN ('complete', 'archive')) = spans.last_day - spans.first_day + 1 AS is_whole
        FROM spans
        INNER JOIN collection_health AS health ON spans.outlet_id = health.outlet_id AND health.day BETWEEN spans.first_day AND spans.last_day
        INNER JOIN watchlists ON health.day BETWEEN watchlists.watched_from AND watchlists.watched_until
        GROUP BY spans.brussels_day, watchlists.watchlist_id, spans.outlet_id, spans.first_day, spans.last_day
    ),

    grid AS (
        SELECT
            brussels_day, watchlist_id, count(*) AS outlets, count(*) FILTER (NOT is_known) AS outlets_unknown,
            count(*) FILTER (is_known AND NOT is_whole) AS outlets_partial
        FROM looked
        GROUP BY brussels_day, watchlist_id
    ),

    named AS (
        SELECT
            brussels_on, candidate_id, count(*) AS articles, count(*) FILTER (in_race) AS race_articles, count(DISTINCT story_id) AS unique_articles,
            count(*) FILTER (copy_kind = 'original') AS originals, sum(mention_count)::BIGINT AS mentions
        FROM cell_articles
        WHERE day BETWEEN since::DATE - 1 AND until::DATE + 1 AND brussels_on BETWEEN since::DATE AND until::DATE AND candidate_id IS NOT NULL
        GROUP BY brussels_on, candidate_id
    ),

    counted AS (
        SELECT
            grid.*, candidates.candidate_id, named.* EXCLUDE (brussels_on, candidate_id),
            sum(named.mentions) OVER (PARTITION BY grid.brussels_day, grid.watchlist_id) AS list_mentions
        FROM grid
        INNER JOIN candidates USING (watchlist_id)
        LEFT JOIN named ON grid.brussels_day = named.brussels_on AND candidates.candidate_id = named.candidate_id
    )

    SELECT
        brussels_day, watchlist_id, candidate_id,
        CASE WHEN outlets > outlets_unknown THEN coalesce(articles, 0) END AS articles,
        CASE WHEN outlets > outlets_unknown THEN coalesce(race_articles, 0) END AS race_articles,
        CASE WHEN outlets > outlets_unknown THEN coalesce(unique_articles, 0) END AS unique_articles,
        CASE WHEN outlets > outlets_unknown THEN coalesce(originals, 0) END AS originals,
        CASE WHEN outlets > outlets_unknown THEN coalesce(mentions, 0) END AS mentions,
        CASE WHEN outlets > outlets_unknown THEN coalesce(list_mentions, 0)::BIGINT END AS list_mentions,
        CASE WHEN list_mentions > 0 THEN coalesce(mentions, 0) / list_mentions END AS share_of_voice,
        outlets, outlets_unknown, outlets_partial
    FROM counted
    ORDER BY brussels_day, watchlist_id, candidate_id;
COMMENT ON MACRO TABLE counts_by_brussels_day IS 'The counts by day in Europe/Brussels, both days included. Grain: day, watch list and candidate. The same articles as in coverage_by_outlet_day, put on articles.brussels_on. outlets: those with a day of their own in the panel that this day reaches into; outlets_unknown: nothing is known of any of these days; outlets_partial: one of them is partial, unknown, or not yet in the collection record. NULL where every outlet is unknown. An article of which only the day is known stands on its outlet''s day. Other columns as counts_between.';

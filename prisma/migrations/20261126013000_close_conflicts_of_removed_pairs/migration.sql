-- A conflict is about one pair: whoever ends the pair (a person, the sync, an undo) ends its open questions and decisions
-- with it, so that none of them is carried out on another pair of the same ERP record.
CREATE FUNCTION close_conflicts_of_removed_pair() RETURNS trigger AS $$
BEGIN
  UPDATE field_conflict SET state = 'closed', closed_at = now()
   WHERE connection_id = NEW.connection_id AND type = NEW.type AND erp_key = NEW.erp_key AND state <> 'closed';
  RETURN NULL;
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER crm_mapping_removed AFTER UPDATE OF removed_at ON crm_mapping
  FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
  EXECUTE FUNCTION close_conflicts_of_removed_pair();

"""Everything that changes a shortlist: curating it, and sending it in batches."""

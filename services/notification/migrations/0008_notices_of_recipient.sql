-- Who unsubscribes, and an address that is found dead, has what it would still be told taken back.
create index notices_of_recipient on notices (lower(recipient)) where not void;

// Each test moves 50 MB or holds a server: two at a time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

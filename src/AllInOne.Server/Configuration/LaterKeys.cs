namespace AllInOne.Server.Configuration;

/// <summary>
/// Keys that are part of the product's contract and are checked from the first version on, while the module that
/// reads them is not there yet. They move to their module's options class when it comes.
/// </summary>
internal static class LaterKeys
{
    public sealed class State
    {
        /// <summary>Prefixes of the keys whose changes become events.</summary>
        public IList<string> Publish { get; set; } = [];

        /// <summary>How long a change may wait for its write.</summary>
        public TimeSpan WriteInterval { get; set; } = TimeSpan.FromMilliseconds(100);

        /// <summary>How much memory the values may take.</summary>
        public long? MaxBytes { get; set; }
    }
}

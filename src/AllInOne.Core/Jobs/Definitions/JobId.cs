namespace AllInOne.Core.Jobs.Definitions;

/// <summary>The rule for ids of jobs.</summary>
public static class JobId
{
    /// <summary>The rule as text for error messages.</summary>
    public const string Rule = "1 to 64 letters, digits, '_', '-' and '.', a letter or digit first";

    public static bool IsValid(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(id[0])
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
    }
}

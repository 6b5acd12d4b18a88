namespace AllInOne.Core.Values.Options;

/// <summary>Options with rules that <see cref="AllowedAttribute"/> cannot express.</summary>
public interface IOptionRules
{
    /// <summary>One line for each rule that is broken. A line begins with the key, and names the value and what is allowed.</summary>
    IEnumerable<string> BrokenRules();
}

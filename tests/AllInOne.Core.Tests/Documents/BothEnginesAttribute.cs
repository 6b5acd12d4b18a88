using System.Reflection;
using AllInOne.Core.Documents.Engine;
using Xunit.Sdk;

namespace AllInOne.Core.Tests.Documents;

/// <summary>Runs a test once for each storage engine of the collections.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothEnginesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<DocumentEngineName>().Select(engine => new object[] { engine });
}

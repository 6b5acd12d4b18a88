using System.Runtime.CompilerServices;

namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>
/// The public surface of the runtime as a text that is kept beside this file. Whoever changes the surface changes the text in
/// the same commit: <c>UPDATE_PUBLIC_API=1 dotnet test tests/AllInOne.Actors.Tests --filter PublicApiTests</c> writes it anew.
/// </summary>
public sealed class PublicApiTests
{
    private const string Update = "UPDATE_PUBLIC_API";

    [Fact]
    public async Task The_public_surface_is_the_one_on_record()
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "PublicApi.txt");
        var now = PublicApiText.Of(typeof(ActorSystem).Assembly);
        if (Environment.GetEnvironmentVariable(Update) is "1")
        {
            await File.WriteAllTextAsync(file, now);
        }

        var recorded = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        Assert.True(recorded == now, $"""
            The public surface of AllInOne.Actors is not the one in {file}:
            {Differences(recorded.Split('\n'), now.Split('\n'))}
            If that is meant, run this and commit the file:
              {Update}=1 dotnet test tests/AllInOne.Actors.Tests --filter PublicApiTests
            """);
    }

    private static string Differences(string[] recorded, string[] now) => string.Join(
        '\n', recorded.Except(now).Select(line => $"- {line}").Concat(now.Except(recorded).Select(line => $"+ {line}")));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

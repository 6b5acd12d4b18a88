using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllInOne.Core.Backups.Archives;

/// <summary>One database file in a backup.</summary>
/// <param name="Schema">The number of its last schema step.</param>
/// <param name="Sha256">The hash of its bytes, in hexadecimal.</param>
public sealed record BackupFile(string Name, long Schema, long Bytes, string Sha256);

/// <summary>The description of an archive: <c>backup.json</c>.</summary>
/// <param name="Program">Always <see cref="OwnProgram"/>.</param>
/// <param name="Format">The version of the archive's format.</param>
/// <param name="Version">The version of the program that made it.</param>
/// <param name="Time">The moment of the data.</param>
/// <param name="LastSeq">The number of the last event in it.</param>
internal sealed record BackupManifest(
    string Program, int Format, string Version, DateTimeOffset Time, long LastSeq, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "backup.json";
    public const string OwnProgram = "allinone";
    public const int OwnFormat = 1;

    /// <summary>The maximum size, far more than a list of the files of this program takes.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static BackupManifest Of(DateTimeOffset time, long lastSeq, IReadOnlyList<BackupFile> files)
    {
        var version = typeof(BackupManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return new BackupManifest(OwnProgram, OwnFormat, version ?? "0", time, lastSeq, files);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Strict);

    /// <exception cref="BackupException">The text is not a description of an archive, or comes from a newer version.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            // Read the format first, because this program may not understand the other members of a newer format.
            var head = JsonSerializer.Deserialize<Head>(json, JsonSerializerOptions.Web);
            if (head?.Program != OwnProgram)
            {
                throw new BackupException("it is another program's");
            }

            if (head.Format > OwnFormat)
            {
                throw new BackupException($"it has format {head.Format}, this program knows up to {OwnFormat}: use the newer version");
            }

            return JsonSerializer.Deserialize<BackupManifest>(json, Strict) ?? throw new JsonException("there is nothing in it");
        }
        catch (JsonException broken)
        {
            throw new BackupException($"its {FileName} cannot be read: {broken.Message}", broken);
        }
    }

    private sealed record Head(string? Program, int Format);
}

using AllInOne.Core.Documents.LiteDb.Files;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>
/// Real files, and what a disk would have of them after a loss of power: what was synced, and of each later write any blocks. It can also refuse
/// operations, as a full disk does.
/// </summary>
internal sealed class UnsafeDisk
{
    private const int Block = 512;

    private readonly Dictionary<string, UnsafeFile> _files = [];

    /// <summary>The number of writes, cuts and syncs so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operations that fail, by their numbers from 1.</summary>
    public Func<int, bool> Fails { get; set; } = _ => false;

    public IFileIo Open(string path) => _files[path] = new UnsafeFile(this, new FileIo(path));

    /// <summary>Writes the files as the disk has them after a loss of power at this moment into another directory.</summary>
    public void LosePower(string directory, Random random)
    {
        foreach (var (path, file) in _files.Where(file => File.Exists(file.Key)))
        {
            File.WriteAllBytes(Path.Combine(directory, Path.GetFileName(path)), file.AfterLoss(random));
        }
    }

    private void Operate()
    {
        Operations++;
        if (Fails(Operations))
        {
            throw new IOException("No space left on device");
        }
    }

    private sealed class UnsafeFile(UnsafeDisk disk, FileIo file) : IFileIo
    {
        private readonly List<(long At, byte[] Bytes)> _unsynced = [];
        private byte[] _synced = ReadAll(file);

        public long Length => file.Length;

        public void Read(Span<byte> into, long at) => file.Read(into, at);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long at)
        {
            byte[] bytes = [.. parts.SelectMany(part => part.ToArray())];
            _unsynced.Add((at, bytes));
            disk.Operate();
            file.Write(parts, at);
        }

        public void SetLength(long length)
        {
            disk.Operate();
            file.SetLength(length);
        }

        public void Sync()
        {
            disk.Operate();
            file.Sync();
            _synced = ReadAll(file);
            _unsynced.Clear();
        }

        public void Dispose() => file.Dispose();

        public byte[] AfterLoss(Random random)
        {
            var bytes = new List<byte>(_synced);
            var kind = random.Next(3);
            foreach (var (at, written) in _unsynced)
            {
                // All blocks up to one, or any of them, or any of them and zeros for the others.
                var most = random.Next(written.Length + Block);
                for (var from = 0; from < written.Length; from += Block)
                {
                    var some = Math.Min(Block, written.Length - from);
                    var survives = kind == 0 ? from + some <= most : random.Next(2) == 0;
                    if (!survives && kind != 2)
                    {
                        continue;
                    }

                    var end = (int)at + from + some;
                    if (end > bytes.Count)
                    {
                        bytes.AddRange(new byte[end - bytes.Count]);
                    }

                    for (var n = 0; n < some; n++)
                    {
                        bytes[(int)at + from + n] = survives || at + from + n < _synced.Length ? written[from + n] : (byte)0;
                    }
                }
            }

            return [.. bytes];
        }

        private static byte[] ReadAll(FileIo file)
        {
            var all = new byte[file.Length];
            file.Read(all, 0);
            return all;
        }
    }
}

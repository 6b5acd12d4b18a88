using AllInOne.Core.Documents.LiteDb.Files.Disk;

namespace AllInOne.Core.Tests.Documents.LiteDb;

/// <summary>
/// A disk that can be full, fail or lose power. The files are real, but nothing is really brought to the disk: it remembers what was written since the
/// last sync, and at a loss of power only a random part of that survives.
/// </summary>
internal sealed class TestDisk
{
    private readonly List<TestFile> _files = [];
    // By the file's path: the contents on the disk of blocks whose sync has failed. The file shows other contents, and no later sync writes them.
    private readonly Dictionary<string, SortedDictionary<long, byte[]>> _lost = [];
    private bool _losesPower;

    /// <summary>The number of writes and syncs so far.</summary>
    public int Calls { get; private set; }

    public int Writes { get; private set; }

    public int Syncs { get; private set; }

    /// <summary>Called before each write and sync with its description; it may throw an <see cref="IOException"/>.</summary>
    public Action<TestDisk, string>? Before { get; set; }

    /// <summary>Called before each read with the name of the file.</summary>
    public Action<string>? BeforeRead { get; set; }

    public IFileIo Open(string path, FileMode mode)
    {
        if (!_lost.TryGetValue(path, out var lost))
        {
            _lost[path] = lost = [];
        }

        var file = new TestFile(this, DiskFile.Open(path, mode), Path.GetFileName(path), lost);
        _files.Add(file);
        return file;
    }

    /// <summary>Throws as a full disk does, from the given call of the kind on.</summary>
    public static Action<TestDisk, string> Failing(string kind, int from) => (disk, call) =>
    {
        if (call.StartsWith(kind, StringComparison.Ordinal) && (kind == "write" ? disk.Writes : disk.Syncs) >= from)
        {
            throw new IOException($"No space left on device: {call}");
        }
    };

    /// <summary>From the given call on, all calls fail.</summary>
    public void LosePowerAt(int call)
    {
        _losesPower = true;
        Before = (disk, what) =>
        {
            if (disk.Calls >= call)
            {
                throw new IOException($"no power: {what}");
            }
        };
    }

    /// <summary>Takes back a random part of what was not synced, and closes the files.</summary>
    public void LosePower(Random random)
    {
        foreach (var file in _files)
        {
            file.LosePower(random);
        }
    }

    private sealed class TestFile(TestDisk disk, IFileIo inner, string name, SortedDictionary<long, byte[]> lost) : IFileIo
    {
        private const int Block = 4096;

        private readonly List<(long Offset, byte[] Before, byte[] After, long Length)> _unsynced = [];
        private bool _isClosed;

        public long Length => inner.Length;

        public int Read(long offset, Span<byte> into)
        {
            disk.BeforeRead?.Invoke(name);
            return inner.Read(offset, into);
        }

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            var bytes = parts.SelectMany(part => part.ToArray()).ToArray();
            disk.Calls++;
            disk.Writes++;
            try
            {
                disk.Before?.Invoke(disk, $"write {name} {offset} {bytes.Length}");
            }
            catch (IOException)
            {
                // A part of it may reach the file.
                Put(offset, bytes[..(bytes.Length / 3 * (disk.Calls % 3))]);
                throw;
            }

            Put(offset, bytes);
        }

        public void Sync()
        {
            disk.Calls++;
            disk.Syncs++;
            try
            {
                disk.Before?.Invoke(disk, $"sync {name}");
            }
            catch (IOException) when (!disk._losesPower)
            {
                // As Linux does: the pages count as clean from now on, although they are not on the disk.
                foreach (var at in Blocks().Where(at => !lost.ContainsKey(at)))
                {
                    lost[at] = OnDisk(at);
                }

                _unsynced.Clear();
                throw;
            }

            foreach (var at in Blocks())
            {
                lost.Remove(at);
            }

            _unsynced.Clear();
        }

        public void SetLength(long length)
        {
            var lost = new byte[Math.Max(0, inner.Length - length)];
            inner.Read(length, lost);
            _unsynced.Add((length, lost, [], inner.Length));
            inner.SetLength(length);
        }

        // The handle stays open until the power is lost, because the files are changed then.
        public void Dispose()
        {
            if (!disk._losesPower)
            {
                Close();
            }
        }

        public void LosePower(Random random)
        {
            if (_isClosed)
            {
                return;
            }

            foreach (var (offset, before, _, length) in Enumerable.Reverse(_unsynced))
            {
                inner.Write(offset, [before]);
                inner.SetLength(length);
            }

            foreach (var (at, before) in lost.Where(block => block.Key < inner.Length))
            {
                inner.Write(at, [before.AsMemory(0, (int)Math.Min(Block, inner.Length - at))]);
            }

            lost.Clear();
            var mode = random.Next(6);
            var block = random.Next(2) == 0 ? 512 : 4096;
            var pieces = _unsynced.SelectMany(write => Pieces(write.Offset, write.After, block)).ToList();
            var survivors = mode switch
            {
                0 => [],
                1 => pieces,
                2 => pieces.Take(random.Next(pieces.Count + 1)),
                _ => pieces.Where(_ => random.Next(4) != 0),
            };
            foreach (var (offset, bytes) in survivors)
            {
                if (mode == 5 && random.Next(3) == 0)
                {
                    // The whole block is lost, also the bytes in it that were synced before.
                    var start = offset / block * block;
                    inner.Write(start, [new byte[Math.Max(offset + bytes.Length, Math.Min(start + block, inner.Length)) - start]]);
                }
                else
                {
                    inner.Write(offset, [bytes]);
                }
            }

            _unsynced.Clear();
            Close();
        }

        private List<long> Blocks() => _unsynced
            .SelectMany(write => Pieces(write.Offset, write.After, Block)).Select(piece => piece.Offset / Block * Block).Distinct().ToList();

        private byte[] OnDisk(long at)
        {
            var block = new byte[Block];
            inner.Read(at, block);
            foreach (var (offset, before, after, _) in Enumerable.Reverse(_unsynced))
            {
                for (var n = Math.Max(at, offset); n < Math.Min(at + Block, offset + after.Length); n++)
                {
                    block[n - at] = n - offset < before.Length ? before[n - offset] : (byte)0;
                }
            }

            return block;
        }

        private void Close()
        {
            _isClosed = true;
            inner.Dispose();
        }

        private void Put(long offset, byte[] bytes)
        {
            var before = new byte[bytes.Length];
            var length = inner.Length;
            _unsynced.Add((offset, before[..inner.Read(offset, before)], bytes, length));
            inner.Write(offset, [bytes]);
        }

        private static IEnumerable<(long Offset, byte[] Bytes)> Pieces(long offset, byte[] bytes, int block)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var size = (int)Math.Min(block - ((offset + at) % block), bytes.Length - at);
                yield return (offset + at, bytes[at..(at + size)]);
                at += size;
            }
        }
    }
}

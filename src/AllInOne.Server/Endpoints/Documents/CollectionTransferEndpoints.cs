using System.Buffers;
using System.IO.Pipelines;
using AllInOne.Core.Documents;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>
/// The resources <c>/api/collections/{name}/export</c> and <c>/import</c>: a whole collection as lines of JSON, streamed. An import is read only as
/// fast as its batches are committed.
/// </summary>
internal static class CollectionTransferEndpoints
{
    private const string Lines = "application/x-ndjson";
    private const int BatchDocuments = 500;
    private const int MaxErrors = 100;
    private const int FlushBytes = 64 * 1024;

    /// <summary>The approximate memory of a document besides its bytes.</summary>
    private const int DocumentOverhead = 256;

    public static void MapCollectionTransfer(this IEndpointRouteBuilder api, DocumentStore documents)
    {
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        api.MapRead("/collections/{name}/export", (string name, HttpRequest request) =>
            DocumentsEndpoints.Missing(documents, name, out var collection) ?? QueryReader.None(request)
            ?? (IResult)new Export(documents, collection!, answers));
        api.MapPost("/collections/{name}/import", (string name, HttpContext context) => ImportAsync(documents, name, context))
            .WithMetadata(BodyLimit.Unlimited);
    }

    private static async Task<IResult> ImportAsync(DocumentStore documents, string name, HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var atomic = query.Flag("atomic");
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        if (CollectionsEndpoints.ReadName(name, out var target) is { } invalid)
        {
            return invalid;
        }

        if (!MediaType.IsAnyOf(context.Request.ContentType, Lines))
        {
            return MediaType.Unsupported(context.Request, Lines);
        }

        return await new Import(documents, target, atomic).RunAsync(context);
    }

    /// <summary>One running import. It creates the collection when it stores the first document.</summary>
    private sealed class Import(DocumentStore documents, CollectionName name, bool isAtomic)
    {
        private readonly List<DocumentBody> _batch = [];
        private readonly List<LineError> _errors = [];
        private long _batchBytes;
        private long _line;
        private long _imported;
        private long _failed;
        private bool _tooLarge;

        public async Task<IResult> RunAsync(HttpContext context)
        {
            var reader = context.Request.BodyReader;
            var memory = context.Features.Get<RequestMemory.Share>();
            memory?.Need(HttpOptions.ImportBatchBytes);
            var longest = documents.Options.MaxDocumentBytes + 1024;
            var isSkipping = false;
            while (true)
            {
                var read = await ReadAsync(reader, context.RequestAborted);
                var buffer = read.Buffer;
                while (TryReadLine(ref buffer, read.IsCompleted, out var line))
                {
                    if (isSkipping)
                    {
                        isSkipping = false;
                    }
                    else
                    {
                        Take(line);
                    }

                    if (!isAtomic && (_batch.Count >= BatchDocuments || _batchBytes >= HttpOptions.ImportBatchBytes) && await StoreAsync(context) is { } refused)
                    {
                        return refused;
                    }
                }

                if (!isSkipping && buffer.Length > longest)
                {
                    _line++;
                    Fail($"it is longer than {documents.Options.MaxDocumentBytes} bytes");
                    isSkipping = true;
                }

                // A line that is too long is skipped while it arrives.
                reader.AdvanceTo(isSkipping ? buffer.End : buffer.Start, buffer.End);
                if (_tooLarge)
                {
                    return Problem.Of(
                        StatusCodes.Status413PayloadTooLarge,
                        $"An import with atomic=true has at most {documents.Options.MaxAtomicImportBytes} bytes, {DocumentOverhead} more for each document counted in (Documents:MaxAtomicImportBytes); nothing was stored.");
                }

                // The share is null for a request without a body.
                memory?.Need(isAtomic ? _batchBytes : 0);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            if (isAtomic && _failed > 0)
            {
                return Problem.Unprocessable(_errors.Select(error => KeyValuePair.Create($"line {error.Line}", new[] { error.Error })));
            }

            return await StoreAsync(context) ?? Json.Ok(new ImportAnswer(_imported, _failed, _errors));
        }

        /// <exception cref="BadHttpRequestException">
        /// The body is too large, too slow, damaged or incomplete. The message says how many documents were stored before.
        /// </exception>
        private async Task<ReadResult> ReadAsync(PipeReader reader, CancellationToken cancel)
        {
            try
            {
                return await reader.ReadAsync(cancel);
            }
            catch (BadHttpRequestException wrong) when (_imported > 0)
            {
                throw new BadHttpRequestException($"{wrong.Message} {StoredBefore}", wrong.StatusCode, wrong);
            }
        }

        private string StoredBefore => $"Before that, {_imported} documents of this import were stored.";

        private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, bool isEnd, out ReadOnlySequence<byte> line)
        {
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                return true;
            }

            line = buffer;
            buffer = isEnd ? buffer.Slice(buffer.End) : buffer;
            return isEnd && !line.IsEmpty;
        }

        private void Take(ReadOnlySequence<byte> line)
        {
            _line++;
            var bytes = ((ReadOnlyMemory<byte>)line.ToArray()).TrimEnd((byte)'\r');
            if (_line == 1)
            {
                bytes = ByteOrderMark.Skip(bytes);
            }

            if (bytes.Span.Trim(" \t"u8).IsEmpty)
            {
                return;
            }

            var (body, wrong) = DocumentBody.Read(bytes, documents.Options);
            if (body is null)
            {
                Fail(wrong!);
                return;
            }

            _batch.Add(body);
            _batchBytes += body.Data.Length + DocumentOverhead;
            _tooLarge |= isAtomic && _batchBytes > documents.Options.MaxAtomicImportBytes;
        }

        private void Fail(string why)
        {
            _failed++;
            if (_errors.Count < MaxErrors)
            {
                _errors.Add(new LineError(_line, Excerpt.Of(why, Excerpt.Message)));
            }
        }

        /// <summary>Stores the current batch; returns the problem if it fails.</summary>
        private async Task<IResult?> StoreAsync(HttpContext context)
        {
            while (_batch.Count > 0)
            {
                if (await documents.FindOrMakeAsync(name, context.RequestAborted) is not { } collection)
                {
                    return CollectionsEndpoints.TooMany(documents);
                }

                try
                {
                    // Otherwise the collection was deleted meanwhile; create it again.
                    if (await documents.ImportAsync(collection, [.. _batch], context.RequestAborted) is { } stored)
                    {
                        _imported += stored;
                        _batch.Clear();
                        _batchBytes = 0;
                    }
                }
                catch (UnavailableException refused)
                {
                    throw new UnavailableException($"{refused.Message} {StoredBefore}", refused);
                }
            }

            return null;
        }
    }

    private sealed record LineError(long Line, string Error);

    private sealed record ImportAnswer(long Imported, long Failed, IReadOnlyList<LineError> Errors);

    private sealed class Export(DocumentStore documents, Collection collection, RequestMemory answers) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            // An export that has started cannot be refused, so it reserves the memory of its largest page until it completes.
            using var share = answers.Open();
            share.Need(documents.Options.ExportBytes);
            var response = httpContext.Response;
            response.ContentType = $"{Lines}; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"{collection.Name}.ndjson\"";
            if (HttpMethods.IsHead(httpContext.Request.Method))
            {
                return;
            }

            var output = response.BodyWriter;
            await foreach (var document in documents.ExportAsync(collection, httpContext.RequestAborted, Caller.Of(httpContext)))
            {
                if (document.Data.Length > FlushBytes)
                {
                    await document.WriteAsync(output, httpContext.RequestAborted);
                }
                else
                {
                    document.WriteTo(output);
                }

                output.Write("\n"u8);
                if (output.UnflushedBytes > FlushBytes)
                {
                    await output.FlushAsync(httpContext.RequestAborted);
                }
            }

            await output.FlushAsync(httpContext.RequestAborted);
        }
    }
}

using System.IO.Pipelines;

namespace UnionClient;

/// <summary>
/// The bytes of a connection, of which what came first can always be read. A gateway of another cluster says who it is and hangs up; Orleans takes what it said for cut off when the end of the
/// connection has come as fast, and nobody would know why there is none.
/// </summary>
internal sealed class WholeGreeting(IDuplexPipe transport) : IDuplexPipe
{
    private readonly First input = new(transport.Input);

    public PipeReader Input => input;

    public PipeWriter Output => transport.Output;

    /// <summary>Whether anything came.</summary>
    public bool Began => input.Began;

    private sealed class First(PipeReader inner) : PipeReader
    {
        private volatile bool began;

        public bool Began => began;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => began ? inner.ReadAsync(cancellationToken) : Begin(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private async ValueTask<ReadResult> Begin(CancellationToken cancel)
        {
            var read = await inner.ReadAsync(cancel);
            // Cancelled by the end of the connection: what had come before it is still there.
            if (read.IsCanceled && read.Buffer.IsEmpty)
            {
                inner.AdvanceTo(read.Buffer.Start);
                if (!inner.TryRead(out read)) return new(default, isCanceled: true, isCompleted: false);
            }

            if (read.Buffer.IsEmpty) return read;
            began = true;
            return new(read.Buffer, isCanceled: false, isCompleted: false);
        }
    }
}

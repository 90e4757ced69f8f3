using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// Brings everything that an older master key wraps under the newest one; the journal and what is sealed in it stay as they are. Silos may run that
/// know both keys. It may be cut off at any time and begun again.
/// </summary>
public sealed class Rotation(Database database)
{
    private const int Passes = 3;

    /// <summary>Wraps the secrets and the keys of all persons with the newest master key.</summary>
    /// <param name="masters">The newest key first, then those that are to be given up.</param>
    /// <param name="progress">Hears how many keys of persons are done.</param>
    /// <param name="cancel">Ends it between two pages of keys.</param>
    /// <returns>
    /// How many keys of persons were wrapped anew, and how many are still under another key: those that silos wrapped meanwhile which do not wrap with
    /// the newest one yet.
    /// </returns>
    /// <exception cref="MasterKeyMissingException">Something is wrapped by a master key that is not among them; nothing was changed then.</exception>
    public async Task<Rewrapped> Run(MasterKeys masters, IProgress<Progress>? progress, CancellationToken cancel)
    {
        var secrets = new Secrets(database);
        secrets.Check(masters);
        await secrets.Rewrap(masters, cancel);
        var keys = new PersonKeys(database);
        var sum = new Rewrapped();
        // A silo may have had a key of the former master key under way when the first pass went by.
        for (var pass = 1; pass == 1 || (pass <= Passes && sum.Remaining > 0); pass++)
        {
            var (done, remaining) = await keys.Rewrap(masters.Rewrap, masters.Newest.Id, progress, cancel);
            sum = new(sum.Done + done, remaining);
        }

        return sum;
    }
}

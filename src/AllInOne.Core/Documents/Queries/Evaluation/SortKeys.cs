using AllInOne.Core.Storage;

namespace AllInOne.Core.Documents.Queries.Evaluation;

/// <summary>The place of a document in an order: the keys of its fields, in the order of the sort.</summary>
internal static class SortKeys
{
    public static StoredValue[] Of(in StoredRow row, Sort sort)
    {
        var keys = new StoredValue[sort.Fields.Count];
        for (var n = 0; n < keys.Length; n++)
        {
            keys[n] = FieldKey.Of(row, sort.Fields[n].Field);
        }

        return keys;
    }

    /// <summary>Compares two places in the directions of the sort: negative if the left one comes first.</summary>
    public static int Compare(Sort sort, IReadOnlyList<StoredValue> left, IReadOnlyList<StoredValue> right)
    {
        for (var n = 0; n < sort.Fields.Count; n++)
        {
            var order = FieldKey.Compare(left[n], right[n]);
            if (order != 0)
            {
                return sort.Fields[n].Descending ? -order : order;
            }
        }

        return 0;
    }
}

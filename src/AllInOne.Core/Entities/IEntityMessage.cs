using AllInOne.Core.Supervision;
using AllInOne.Core.Values;

namespace AllInOne.Core.Entities;

/// <summary>A message to one entity. It is routed by the id.</summary>
internal interface IEntityMessage : IRefusable
{
    EntityId Id { get; }
}

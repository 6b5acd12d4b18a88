using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Requests;

internal static class JsonMembersProblem
{
    extension(JsonMembers members)
    {
        /// <summary>The problem to answer if a member is wrong or was not read; otherwise null. Call it last.</summary>
        public Problem? Wrong() => members.End() is { Any: true } errors ? Problem.Unprocessable(errors) : null;
    }
}

using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Http.Requests;

internal static class JsonMembersProblem
{
    extension(JsonMembers members)
    {
        /// <summary>The problem to answer if anything was wrong, also a member that was not read; null if all is right. Called last.</summary>
        public Problem? Wrong() => members.End() is { Any: true } errors ? Problem.Unprocessable(errors) : null;
    }
}

using System.Text.Json.Serialization;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Tests.Durable.History;

public sealed class HistorySerializerTests
{
    private static readonly DateTime Now = new(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);

    [Fact]
    public void TypeName_OfEveryKind_IsTheStoredDiscriminator()
    {
        var kinds = typeof(HistoryEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().ToList();

        kinds.Count.ShouldBe(typeof(HistoryEvent).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(HistoryEvent)) && !t.IsAbstract));
        foreach (var kind in kinds)
        {
            var sample = (HistoryEvent)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(kind.DerivedType);
            HistorySerializer.TypeName(sample).ShouldBe(kind.TypeDiscriminator);
        }
    }

    [Fact]
    public void Event_WrittenAndRead_IsTheSame()
    {
        HistoryEvent task = new TaskScheduledEvent(3, Now, "Copy", "1.0", "\"\\u0000\"", null);

        HistorySerializer.Read<HistoryEvent>(HistorySerializer.Write(task)).ShouldBe(task);
    }

    [Fact]
    public void Failure_WrittenAndRead_KeepsItsInnerFailureAndThatItIsFinal()
    {
        var inner = new TaskFailureDetails("Inner", "why", null, null, null);
        var failure = new TaskFailureDetails("Outer", "what", "at x", inner, null) { IsNonRetriable = true };

        var read = HistorySerializer.Read<HistoryEvent>(HistorySerializer.Write<HistoryEvent>(new TaskFailedEvent(Now, 1, failure)));

        read.ShouldBeOfType<TaskFailedEvent>().Failure.ShouldBe(failure);
    }

    /// <summary>What released versions wrote has to be readable for ever.</summary>
    [Theory]
    [InlineData("""{"type":"TaskCompleted","ScheduledId":4,"Result":"1","EventId":-1,"Timestamp":"2024-05-06T07:08:09Z"}""")]
    [InlineData("""{"type":"TaskCompleted","ScheduledId":4,"Result":"1","Timestamp":"2024-05-06T07:08:09Z","AddedLater":true}""")]
    public void StoredText_OfVersionOne_IsRead(string json) =>
        HistorySerializer.Read<HistoryEvent>(json).ShouldBe(new TaskCompletedEvent(Now, 4, "1"));
}

using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Tests.DurableTask;

public sealed class TaskFailureDetailsTests
{
    [Fact]
    public void FromException_KeepsTheChainOfCauses()
    {
        var details = TaskFailureDetails.FromException(new InvalidOperationException("a", new IOException("b", new TimeoutException("c"))));

        details.ErrorType.ShouldBe("System.InvalidOperationException");
        details.InnerFailure!.InnerFailure!.ErrorMessage.ShouldBe("c");
    }

    [Fact]
    public void IsCausedBy_ABaseType_IsTrue()
    {
        var details = TaskFailureDetails.FromException(new FileNotFoundException("gone"));

        details.IsCausedBy<FileNotFoundException>().ShouldBeTrue();
        details.IsCausedBy<IOException>().ShouldBeTrue();
        details.IsCausedBy<TimeoutException>().ShouldBeFalse();
        new TaskFailureDetails("No.Such.Type", "x", null, null, null).IsCausedBy<Exception>().ShouldBeFalse();
    }

    [Fact]
    public void IsCausedBy_ATypeThatIsNoException_IsRefused() => Should.Throw<ArgumentException>(
        () => TaskFailureDetails.FromException(new IOException()).IsCausedBy(typeof(string)));

    [Fact]
    public void FromException_OfAFailedTask_HasTheTaskAsInnerFailure()
    {
        var inner = new TaskFailureDetails("Some.Type", "why", null, null, null);

        var details = TaskFailureDetails.FromException(new TaskFailedException("Copy", 2, inner));

        details.InnerFailure.ShouldBe(inner);
        details.ErrorMessage.ShouldBe("Task 'Copy' (#2) failed with an unhandled exception: why");
    }
}

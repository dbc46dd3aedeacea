namespace BackupFunctions.Surface.Tests.Recording;

public sealed class RecordedListingTests
{
    [Fact]
    public void Parse_OfTypesAndDelegates_KeepsEveryLine()
    {
        var types = RecordedListing.Parse("test", """
            # a comment
            namespace Some.Where

            [AttributeUsage(System.AttributeTargets.Method)]
            public sealed class OneAttribute : Attribute
            {
                public OneAttribute();
                public string Name { get; }
            }

            public delegate Two
                // public virtual bool Invoke(string text)

            # another
            namespace Else

            public interface IThree
            {
            }
            """.Split('\n'));

        types.Select(type => $"{type.Namespace}: {type.Declaration}").ShouldBe(
        [
            "Some.Where: public sealed class OneAttribute : Attribute", "Some.Where: public delegate Two", "Else: public interface IThree",
        ]);
        types[0].Attributes.ShouldBe(["[AttributeUsage(System.AttributeTargets.Method)]"]);
        types[0].Members.ShouldBe(["public OneAttribute();", "public string Name { get; }"]);
        types[1].Attributes.ShouldBeEmpty();
        types[1].Members.ShouldBe(["bool Invoke(string text)"]);
        types[2].Members.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("namespace A\npublic class B\n{\n    public B();\n", "test ends within public class B.")]
    [InlineData("public class B\n{\n}", "test:1: 'public class B' is not expected here.")]
    [InlineData("namespace A\n    public void Lost();\n", "test ends within public void Lost();.")]
    [InlineData("namespace A\npublic class B\n{\n}\nvoid Lost();", "test:5: 'void Lost();' is not expected here.")]
    [InlineData("namespace A\npublic class B\n{\n}\n// public virtual bool Invoke()", "test:5: '// public virtual bool Invoke()' is not expected here.")]
    public void Parse_OfALineOutOfPlace_NamesIt(string text, string message) =>
        Should.Throw<FormatException>(() => RecordedListing.Parse("test", text.Split('\n'))).Message.ShouldBe(message);
}

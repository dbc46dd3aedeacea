using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>The truth of row level security, and tables as they are, on the newer servers too.</summary>
[Trait("Category", "Slow")]
public sealed class TenantVersionsTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public async Task Tenants_OnANewerServer_AreTheSame(int major)
    {
        var fixture = new ServerFixture { Major = major };
        await fixture.InitializeAsync();
        try
        {
            await new TenantBackupJobTests(fixture).Backup_OneTenant_IsVerifiedAndRestoresIntoANewDatabaseWithItsRowsAlone();
            var security = new TenantRowSecurityTests(fixture);
            await security.RowSecurity_OwnerWithoutForce_ReadsTheTenantAlone();
            await security.RowSecurity_OwnerWithForceAndNoContext_IsRefusedWithTheStatement();
            await security.RowSecurity_OwnerWithForceAndContext_ReadsTheTenantAndIsNotVerified();
            await security.RowSecurity_BypassingRole_ReadsTheTenantAlone();
            await security.RowSecurity_PlainRoleWithoutContext_IsRefusedAndNothingIsWritten();
            await security.RowSecurity_SeveralTenantsWithContext_EachHasItsOwnRows();
            await security.RowSecurity_ContextByFunctionCall_ReadsTheTenant();
            await security.RowSecurity_ContextThatShowsNothing_IsNoEmptyBackup();
            var shapes = new TenantShapesTests(fixture);
            await shapes.Partitions_OfTablesByColumnAndByKey_AreRestoredLeafByLeaf();
            await shapes.Names_ThatAreHostile_SurviveInTablesColumnsAndTenants();
            await shapes.SelfReferencesAndCircles_AreRestoredAsTheyWere();
            await new TenantSchemaModeTests(fixture).Backup_AllTenants_EachHasItsSchemaAndTheSharedOnes();
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }
}

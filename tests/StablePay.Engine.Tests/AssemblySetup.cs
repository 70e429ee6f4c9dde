[assembly: AssemblyFixture(typeof(StablePay.Storage.Tests.TestCluster))]

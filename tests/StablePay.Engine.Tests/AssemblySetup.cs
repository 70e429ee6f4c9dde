[assembly: AssemblyFixture(typeof(StablePay.Testing.PostgresServer))]

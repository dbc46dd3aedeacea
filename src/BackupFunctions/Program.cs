Console.WriteLine("in the making");
